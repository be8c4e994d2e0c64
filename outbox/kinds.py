"""The kinds of message. Each room registers its own in ``apps.py: ready()``, and later nobody can."""

import datetime as dt
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal, get_args

from django.apps import apps
from django.utils.functional import Promise as LazyText

from outbox.mail import Gone, Mail

Promise = Literal["at_least_once", "at_most_once"]
#: Invitations and changes leave before reminders.
PROMISES: tuple[Promise, ...] = get_args(Promise)

#: Called as ``render(about_id, recipient, at)`` in the recipient's language when the message is about to
#: leave: premise and text are one question. The recipient is an AUTH_USER_MODEL row, whose class this room
#: does not name.
Render = Callable[[uuid.UUID, Any, dt.datetime], Mail | Gone]


@dataclass(frozen=True)
class Kind:
    name: str
    render: Render
    promise: Promise
    label: str | LazyText


_kinds: dict[str, Kind] = {}


def register(name: str, render: Render, *, label: str | LazyText, promise: Promise = "at_least_once") -> None:
    """Make ``name`` a kind that ``enqueue`` accepts.

    "at_least_once" may repeat the same e-mail after a crash, under the same Message-ID (invitation, change);
    "at_most_once" never does, and shows the rare uncertain one instead (a reminder).
    Raises RuntimeError after the start and ValueError for a name that is taken.
    """
    if apps.ready:
        raise RuntimeError("kinds are registered in ready(), not later")
    if name in _kinds:
        raise ValueError(f"the kind {name!r} is registered twice")
    _kinds[name] = Kind(name, render, promise, label)


def find(name: str) -> Kind | None:
    return _kinds.get(name)


def promised(promise: Promise) -> list[str]:
    return [kind.name for kind in _kinds.values() if kind.promise == promise]
