"""What a plan has to say about itself: a code for programs, words for people.

The calculations return codes with plain parameters, so that they can be stored, tested and shown
in the reader's language. Persons are given by id; the page turns them into names for those who may see them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.formats import date_format

from planning.words import WORDS

#: Whatever the caller knows a person, room or group by; only compared and used as a key.
Id = Any


@dataclass(frozen=True, slots=True)
class Note:
    """One remark about a plan; ``blocks`` when the plan cannot be used as it is."""

    code: str
    params: Mapping[str, str | int | date] = field(default_factory=dict)
    people: tuple[Id, ...] = ()
    blocks: bool = False

    @property
    def message(self) -> str:
        """The remark in the language that is active now."""
        return str(WORDS[self.code]) % {name: _shown(value) for name, value in self.params.items()}


def _shown(value: str | int | date) -> str | int:
    return date_format(value, "l j F Y") if isinstance(value, date) else value
