"""What a start takes a line for: conditions that are not met, each with why it is so here.

Which they are and where the lines are kept is known to the room of the checklist, which registers here.
"""

from collections.abc import Callable, Mapping
from typing import NamedTuple

from django.apps import apps

from accounts.models import User
from programs.models import Program


class Asked(NamedTuple):
    """A condition that is not met; ``said`` is what was measured, ``reason`` is empty while nobody gave one."""

    key: str
    statement: str
    said: str
    reason: str


Find = Callable[[Program], list[Asked]]
Keep = Callable[[Program, Mapping[str, str], User], None]
_rooms: list[tuple[Find, Keep]] = []


def register(find: Find, keep: Keep) -> None:
    """Raises RuntimeError after the start."""
    if apps.ready:
        raise RuntimeError("what a start takes a line for is registered in ready(), not later")
    _rooms.append((find, keep))


def asked(program: Program) -> list[Asked]:
    return [one for find, _keep in _rooms for one in find(program)]


def keep(program: Program, lines: Mapping[str, str], *, by: User) -> None:
    """``lines`` are by the key of the condition."""
    for _find, store in _rooms:
        store(program, lines, by)
