"""Kinds of message and of work as a room would register them, for tests of this room alone."""

import datetime as dt
import uuid
from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo

from outbox import jobs, kinds
from outbox.mail import Gone, Mail

STARTS_AT = dt.datetime(2027, 1, 14, 15, 30, tzinfo=dt.UTC)


def hello(about_id: uuid.UUID, recipient: Any, at: dt.datetime) -> Mail | Gone:
    return Mail(
        subject="A time is reserved",
        template="post/hello",
        context={"name": recipient.name, "starts_at": STARTS_AT},
        zone=ZoneInfo("Europe/Amsterdam"),
    )


def moved(about_id: uuid.UUID, recipient: Any, at: dt.datetime) -> Mail | Gone:
    return Gone("moved")


def broken(about_id: uuid.UUID, recipient: Any, at: dt.datetime) -> Mail | Gone:
    raise LookupError("the row it was about is gone")


def injecting(about_id: uuid.UUID, recipient: Any, at: dt.datetime) -> Mail | Gone:
    return Mail(subject=f"For {recipient.name}", template="post/hello", context={"name": recipient.name})


RENDERS: dict[str, kinds.Render] = {"moved": moved, "broken": broken, "injecting": injecting}


def all_kinds() -> dict[str, kinds.Kind]:
    made = {name: kinds.Kind(name, render, "at_least_once", name) for name, render in RENDERS.items()}
    return made | {
        "invite": kinds.Kind("invite", hello, "at_least_once", "invitation"),
        "remind": kinds.Kind("remind", hello, "at_most_once", "reminder"),
    }


def work(run: Callable[[Any, Any], dict[str, Any]]) -> jobs.JobKind:
    return jobs.JobKind("import", run, "Import of people", "outbox:job")
