"""Moments and periods as people say them, always as ``<time>`` with the exact value."""

import datetime as dt
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

from django import template
from django.utils import timezone
from django.utils.dateformat import format as format_date
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from intervision import clock

register = template.Library()


def spoken_day(day: dt.date, *, week: bool = False, year: bool = True) -> str:
    """``Tue 14 January 2027``; with ``week``, its number too where people plan by it (Dutch)."""
    return _spoken_day(day, week, year, get_language())


@lru_cache(maxsize=4000)
def _spoken_day(day: dt.date, week: bool, year: bool, language: str | None) -> str:
    text = format_date(day, "D j F Y" if year else "D j F")
    if week and (language or "").startswith("nl"):
        text = _("%(day)s (week %(week)s)") % {"day": text, "week": day.isocalendar().week}
    return text


def spoken_distance(at: dt.datetime, now: dt.datetime) -> str:
    """How far ``at`` is from ``now``, in calendar days of the active time zone."""
    local = timezone.localtime(at)
    return _distance(local, (local.date() - timezone.localdate(now)).days)


def _distance(local: dt.datetime, days: int) -> str:
    if days == 0:
        return _("today, %(time)s") % {"time": f"{local:%H:%M}"}
    if days == 1:
        return _("tomorrow, %(time)s") % {"time": f"{local:%H:%M}"}
    if days == -1:
        return _("yesterday, %(time)s") % {"time": f"{local:%H:%M}"}
    return _days_from_now(days) if abs(days) < 15 else _weeks_from_now(days)


def _days_from_now(days: int) -> str:
    if days > 0:
        return ngettext("in %(count)s day", "in %(count)s days", days) % {"count": days}
    return ngettext("%(count)s day ago", "%(count)s days ago", -days) % {"count": -days}


def _weeks_from_now(days: int) -> str:
    weeks = round(abs(days) / 7)
    if days > 0:
        return ngettext("in %(count)s week", "in %(count)s weeks", weeks) % {"count": weeks}
    return ngettext("%(count)s week ago", "%(count)s weeks ago", weeks) % {"count": weeks}


def spoken_zone(at: dt.datetime, zone: ZoneInfo | None) -> str:
    """The zone's name where its clocks differ from the reader's at ``at``; else nothing."""
    if zone is None or at.astimezone(zone).utcoffset() == timezone.localtime(at).utcoffset():
        return ""
    return zone.key


class Said(NamedTuple):
    """A moment in a list: ``in 3 days``, and exactly."""

    spoken: str
    exact: str
    iso: str


def said(at: dt.datetime) -> Said:
    local = timezone.localtime(at)
    return _said(local, (local.date() - clock.today()).days, local.utcoffset(), get_language())


@lru_cache(maxsize=2000)
def _said(local: dt.datetime, days: int, *named: object) -> Said:
    """Equal moments in two zones are two hours, and each language has its words: ``named`` tells them apart."""
    exact = f"{spoken_day(local.date())}, {local:%H:%M}"
    return Said(_distance(local, days), exact, local.isoformat())


@register.simple_tag
def when(at: dt.datetime | None) -> str | SafeString:
    """``in 3 days``, with the exact moment in the tag's title. For lists."""
    if at is None:
        return "—"
    found = said(at)
    return format_html('<time datetime="{}" title="{}">{}</time>', found.iso, found.exact, found.spoken)


@register.simple_tag
def moment(at: dt.datetime | None, zone: ZoneInfo | None = None) -> str | SafeString:
    """``Tue 14 January 2027, 16:00``."""
    if at is None:
        return "—"
    local = at.astimezone(zone) if zone else timezone.localtime(at)
    return _moment(local, spoken_zone(at, zone), local.utcoffset(), get_language())


@lru_cache(maxsize=2000)
def _moment(local: dt.datetime, zone: str, *named: object) -> SafeString:
    text = f"{spoken_day(local.date())}, {local:%H:%M} {zone}".strip()
    return format_html('<time datetime="{}">{}</time>', local.isoformat(), text)


@register.simple_tag
def day(on: dt.date | None, week: bool = False) -> str | SafeString:
    """``Tue 14 January 2027``; Dutch with ``week=True`` adds the week number."""
    return "—" if on is None else _day(on, week, get_language())


@lru_cache(maxsize=2000)
def _day(on: dt.date, week: bool, language: str | None) -> SafeString:
    return format_html('<time datetime="{}">{}</time>', on.isoformat(), spoken_day(on, week=week))


@register.simple_tag
def hours(start: dt.datetime, end: dt.datetime, zone: ZoneInfo | None = None) -> SafeString:
    """``16:00–16:45``."""
    first = start.astimezone(zone) if zone else timezone.localtime(start)
    last = end.astimezone(zone) if zone else timezone.localtime(end)
    return _hours(first, last, first.utcoffset(), last.utcoffset(), spoken_zone(start, zone))


@lru_cache(maxsize=2000)
def _hours(first: dt.datetime, last: dt.datetime, *clocks: object) -> SafeString:
    """Equal moments in two zones are two hours: ``clocks`` tells them apart."""
    named = clocks[-1]
    return format_html(
        '<span class="hours"><time datetime="{}">{}</time>–<time datetime="{}">{}</time></span>{}',
        first.isoformat(),
        f"{first:%H:%M}",
        last.isoformat(),
        f"{last:%H:%M}",
        f" {named}" if named else "",
    )


@register.simple_tag
def period(start: dt.datetime, end: dt.datetime, zone: ZoneInfo | None = None) -> SafeString:
    """``Tue 14 January 2027, 16:00–16:45``, and the zone where it differs from the reader's."""
    if zone:
        return SafeString(f"{day(start.astimezone(zone).date())}, {hours(start, end, zone)}")
    first, last = timezone.localtime(start), timezone.localtime(end)
    return _period(first, last, first.utcoffset(), last.utcoffset(), get_language())


@lru_cache(maxsize=2000)
def _period(first: dt.datetime, last: dt.datetime, *named: object) -> SafeString:
    """In the reader's zone; ``named`` tells equal moments in two zones and languages apart."""
    return SafeString(f"{day(first.date())}, {_hours(first, last, *named[:2], '')}")
