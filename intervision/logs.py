"""One JSON line per event, without anything a person typed.

Messages of other packages are logged as their template, because what they fill in may be a path with a link's
secret or a row's content. An exception is its type and where it happened, never its words.
"""

import json
import logging
import traceback
from contextvars import ContextVar
from datetime import UTC, datetime

OURS = (
    "intervision",
    "catalogue",
    "vault",
    "outbox",
    "accounts",
    "programs",
    "sessions",
    "concerns",
    "planning",
    "surveys",
    "checklist",
    "desk",
)

#: What every record has by itself; the rest is what its line is about.
PLAIN = frozenset({*vars(logging.makeLogRecord({})), "message", "asctime", "taskName"})

cause: ContextVar[str | None] = ContextVar("log_cause", default=None)
"""The request's or task's id, for every line written on its behalf."""


def template(record: logging.LogRecord) -> str:
    """What another package says without what it fills in; of a request nothing that is filled in already."""
    return str(record.msg) if record.args or not hasattr(record, "request") else ""


def facts(record: logging.LogRecord) -> dict[str, object]:
    """What ``extra`` says a line is about: ids, kinds and numbers."""
    return {name: value for name, value in vars(record).items() if name not in PLAIN}


class JsonFormatter(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        ours = record.name.split(".")[0] in OURS
        line: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "from": record.name,
            "says": record.getMessage() if ours else template(record),
        }
        if (id_ := cause.get()) is not None:
            line["id"] = id_
        if record.exc_info and record.exc_info[0]:
            line["error"] = record.exc_info[0].__name__
            frames = traceback.extract_tb(record.exc_info[2])
            line["where"] = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames[-8:]]
        return json.dumps(line | (facts(record) if ours else {}), ensure_ascii=False)
