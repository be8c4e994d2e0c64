"""Values of any sort, as people say them."""

import datetime as dt

from django import template
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from catalogue.kept import Section, Value
from intervision.templatetags import times

register = template.Library()


@register.filter
def filled(section: Section) -> list[tuple[str, str]]:
    """Name and words of each column in which there is something."""
    return [(name, str(words)) for name, words in section.columns.items() if has_any(section, name)]


def has_any(section: Section, name: str) -> bool:
    return any(row.get(name) not in (None, "") for row in section.rows)


@register.filter
def cells(row: dict[str, Value], section: Section) -> list[tuple[str, Value]]:
    """The words and the value of each of those columns in one row."""
    return [(words, row.get(name)) for name, words in filled(section)]


@register.simple_tag
def said(value: Value) -> str | SafeString:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, dt.datetime):
        return times.moment(value)
    if isinstance(value, dt.date):
        return times.day(value)
    return "—" if value in (None, "") else str(value)
