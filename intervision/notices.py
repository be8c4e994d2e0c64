"""Telling a person that something was done, with the way back where there is one."""

from django.contrib import messages
from django.http import HttpRequest

_UNDO = "undo:"


def done(request: HttpRequest, text: str, *, undo: str | None = None) -> None:
    """Say ``text`` on the next page; with ``undo``, the URL that a POST reverses it at."""
    messages.success(request, text, extra_tags=f"{_UNDO}{undo}" if undo else "")


def undo_url(tags: str) -> str:
    """The URL that ``done`` put into a message's tags, or an empty string."""
    return next((tag.removeprefix(_UNDO) for tag in tags.split() if tag.startswith(_UNDO)), "")
