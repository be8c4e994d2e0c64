"""The demonstration's post: e-mails become files, which a page shows. None leaves the machine."""

import datetime as dt
import re
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage as ParsedMessage
from email.parser import BytesHeaderParser
from email.utils import parsedate_to_datetime
from pathlib import Path
from time import time_ns
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

NAME = re.compile(r"\d{20}-[0-9a-f]{32}")


class MailboxBackend(BaseEmailBackend):
    #: A file is there or it is not.
    in_doubt = False

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        folder = Path(settings.EMAIL_FILE_PATH)
        folder.mkdir(parents=True, exist_ok=True)
        for email in email_messages:
            name = f"{time_ns():020d}-{uuid.uuid4().hex}"
            half = folder / f".{name}"
            half.write_bytes(email.message().as_bytes())
            half.rename(folder / f"{name}.eml")
        return len(email_messages)


@dataclass(frozen=True)
class Letter:
    """An e-mail as its recipient would see it."""

    name: str
    parsed: ParsedMessage

    @property
    def subject(self) -> str:
        return str(self.parsed["Subject"] or "")

    @property
    def to(self) -> str:
        return str(self.parsed["To"] or "")

    @property
    def sender(self) -> str:
        return str(self.parsed["From"] or "")

    @property
    def dated(self) -> dt.datetime:
        """When it was sent. A mail that names no zone says the time in UTC."""
        at = parsedate_to_datetime(str(self.parsed["Date"]))
        return at if at.tzinfo else at.replace(tzinfo=dt.UTC)

    @property
    def text(self) -> str:
        return self._part("plain")

    @property
    def html(self) -> str:
        return self._part("html")

    def _part(self, kind: str) -> str:
        part = self.parsed.get_body(preferencelist=(kind,))
        return str(part.get_content()) if part else ""


def names(*, to: str = "") -> list[str]:
    """Of every stored e-mail, newest first; with ``to`` those whose address holds it."""
    files = [file for file in Path(settings.EMAIL_FILE_PATH).glob("*.eml") if NAME.fullmatch(file.stem)]
    wanted = to.strip().lower()
    return sorted((file.stem for file in files if not wanted or wanted in receiver(file)), reverse=True)


def receiver(file: Path) -> str:
    with file.open("rb") as opened:
        return str(BytesHeaderParser().parse(opened)["To"] or "").lower()


def read(name: str) -> Letter | None:
    """The stored e-mail ``name``, None if there is none or the name is not one of ours."""
    file = Path(settings.EMAIL_FILE_PATH) / f"{name}.eml"
    if not NAME.fullmatch(name) or not file.is_file():
        return None
    parsed: Any = message_from_bytes(file.read_bytes(), policy=policy.default)
    return Letter(name, parsed)
