"""What a room hands over to be told, in plain values."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urljoin

from django.conf import settings


@dataclass(frozen=True)
class Mail:
    """One e-mail to one person.

    ``subject`` is neutral: no names and nothing of what is said. ``template`` names a pair of templates
    without their ends: "emails/programs/invitation" is rendered as .txt and as .html, both from ``context``
    and ``subject``. Times in them are shown in ``zone``. Links must be whole addresses, see ``link``.
    """

    subject: str
    template: str
    context: Mapping[str, Any] = field(default_factory=dict)
    zone: dt.tzinfo | None = None


@dataclass(frozen=True)
class Gone:
    """There is nothing left to tell. ``reason`` is a short word for the list of messages: "moved", "left"."""

    reason: str


def link(path: str) -> str:
    """The whole address of ``path``, as it must stand in a mail."""
    base: str = settings.BASE_URL
    return urljoin(base + "/", path)
