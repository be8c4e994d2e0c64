"""A text in the languages of the pages."""

from dataclasses import dataclass

from django.utils.translation import get_language


@dataclass(frozen=True, slots=True)
class Text:
    """English and Dutch of one text; ``str()`` and templates follow the active language."""

    en: str
    nl: str

    def __str__(self) -> str:
        return self.in_language(get_language())

    def in_language(self, code: str | None) -> str:
        return self.nl if (code or "").lower().split("-")[0] == "nl" else self.en


def text(value: Text, language: str | None = None) -> str:
    """``value`` in ``language``, or in the active one."""
    return str(value) if language is None else value.in_language(language)
