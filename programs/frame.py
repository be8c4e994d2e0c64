"""What the frame of a program starts with, why, and what is worth another look. Plain values, no queries.

A paper's preference is a default that explains itself and warns; it never refuses.
"""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from catalogue import load
from catalogue.kinds import AvoidedWord, Default, Format

WEEKS_IN_MONTH = 52 / 12
#: The form's field, and the field of the catalogue that its default and band come from.
NUMBERS = {
    "target_size": "group_size",
    "interval_weeks": "interval_weeks",
    "session_minutes": "session_minutes",
    "sessions_total": "sessions_total",
    "intake_minutes": "intake",
}
#: Asked whatever the format.
ALWAYS = (
    "title",
    "description",
    "starts_on",
    "ends_on",
    "answers_until",
    "target_size",
    "session_minutes",
    "sessions_total",
    "participation",
    "joining",
    "refreshments",
)
#: Asked where the format asks for it.
BY_FORMAT = (
    "interval_weeks",
    "intake_minutes",
    "degree_required",
    "coaching_alongside",
    "coaching_mode",
    "requires_prior_error",
)


@dataclass(frozen=True, slots=True)
class Note:
    """Something worth a look at ``field``; it stops nothing."""

    code: str
    field: str
    text: str


def fields_of(spec: Format) -> list[str]:
    """The fields the frame asks for this format, in the order of the form."""
    asked = [name for name in BY_FORMAT if name in spec.asks]
    before = ALWAYS.index("session_minutes")
    cadence = [name for name in asked if name == "interval_weeks"]
    others = [name for name in asked if name != "interval_weeks"]
    if spec.key == "error_coping_workshop":
        others.insert(0, "mandatory_reason")
    after = ALWAYS.index("participation") + 1
    return [*ALWAYS[:before], *cadence, *ALWAYS[before:after], *others, *ALWAYS[after:]]


def defaults_of(spec: Format) -> dict[str, Any]:
    """What a new program of this format starts with."""
    values: dict[str, Any] = {
        "target_size": spec.defaults["group_size"].number,
        "session_minutes": spec.defaults["session_minutes"].number,
        "sessions_total": _sessions_total(spec),
        "coaching_mode": "optional" if spec.has_calls else "",
    }
    if "interval_weeks" in spec.asks:
        values["interval_weeks"] = spec.defaults["interval_weeks"].number
    if spec.has_intakes:
        values["intake_minutes"] = spec.defaults["intake"].number
    return values


def _sessions_total(spec: Format) -> int:
    if "sessions_total" in spec.defaults:
        return spec.defaults["sessions_total"].number
    if "trajectory_months" not in spec.defaults:
        return 1
    weeks = spec.defaults["trajectory_months"].number * WEEKS_IN_MONTH
    return int(weeks // spec.defaults["interval_weeks"].number) + 1


def hint(spec: Format, field: str) -> str:
    """Why the default is the default, in one or two sentences; empty where there is nothing to say."""
    default = spec.defaults.get(NUMBERS.get(field, ""))
    if default is None or default.value is None:
        return ""
    values = {"value": default.number, "band": _band(default), "why": _origin(spec, default)}
    if default.low is not None and default.low != default.high:
        return _("We start with %(value)s; %(band)s fits. %(why)s") % values
    return _("We start with %(value)s. %(why)s") % values


def _band(default: Default) -> str:
    if default.high is None:
        return _("%(low)s or more") % {"low": default.low}
    if default.low is None:
        return _("%(high)s at most") % {"high": default.high}
    if default.low == default.high:
        return str(default.low)
    return _("%(low)s to %(high)s") % {"low": default.low, "high": default.high}


def _origin(spec: Format, default: Default) -> str:
    status = str(load().word("default_status", default.status))
    said = f" ({default.source})" if default.source and default.status != "not_stated" else ""
    if default.status == "not_stated":
        return _("This is %(status)s.") % {"status": status}
    return f"{spec.paper.short}{said}: {status}."


def notes(spec: Format, values: Mapping[str, Any], *, today: dt.date) -> list[Note]:
    """Everything worth a look in a frame with these values; values that are missing or no number say nothing."""
    return [*_words(values), *_bands(spec, values), *_period(values, today), *_choices(spec, values)]


def avoided_words(text: str, *, resilience_only: bool = False) -> list[AvoidedWord]:
    """The words of the list that ``text`` uses, wherever they stand in it."""
    folded = text.casefold()
    found = (word for word in load().avoid if word.stem in folded)
    return [word for word in found if word.resilience or not resilience_only]


def _words(values: Mapping[str, Any]) -> Iterator[Note]:
    for field in ("title", "description"):
        for word in avoided_words(str(values.get(field) or "")):
            text = _("“%(word)s” may keep people away. %(instead)s") % {
                "word": word.word,
                "instead": word.instead,
            }
            yield Note("resilience_word" if word.resilience else "avoided_word", field, text)


def _bands(spec: Format, values: Mapping[str, Any]) -> Iterator[Note]:
    for field, key in NUMBERS.items():
        default, chosen = spec.defaults.get(key), values.get(field)
        if default is None or not isinstance(chosen, int) or _fits(default, chosen):
            continue
        text = _("You chose %(chosen)s; %(paper)s points to %(band)s. You may keep it.") % {
            "chosen": chosen,
            "paper": spec.paper.short,
            "band": _band(default),
        }
        yield Note(f"{field}_outside", field, text)


def _fits(default: Default, chosen: int) -> bool:
    low, high = default.low, default.high
    return (low is None or chosen >= low) and (high is None or chosen <= high)


def _period(values: Mapping[str, Any], today: dt.date) -> Iterator[Note]:
    starts, ends, answers = (values.get(name) for name in ("starts_on", "ends_on", "answers_until"))
    if isinstance(starts, dt.date) and starts < today:
        yield Note("starts_in_past", "starts_on", _("The first day has passed. Choose a later one."))
    if isinstance(starts, dt.date) and isinstance(answers, dt.date) and answers > starts:
        yield Note("answers_late", "answers_until", _("People may still answer after the first day."))
    weeks, total = values.get("interval_weeks"), values.get("sessions_total")
    if not (isinstance(starts, dt.date) and isinstance(ends, dt.date)):
        return
    if isinstance(weeks, int) and isinstance(total, int):
        needed, there = weeks * (total - 1), (ends - starts).days // 7
        if needed > there:
            yield Note("period_short", "ends_on", _period_text(total, needed, there))


def _period_text(total: int, needed: int, there: int) -> str:
    needs = ngettext("%(count)s week", "%(count)s weeks", needed) % {"count": needed}
    has = ngettext("%(count)s week", "%(count)s weeks", there) % {"count": there}
    return _("%(total)s sessions need %(needs)s from first to last; this period has %(has)s.") % {
        "total": total,
        "needs": needs,
        "has": has,
    }


def _choices(spec: Format, values: Mapping[str, Any]) -> Iterator[Note]:
    weeks, total = values.get("interval_weeks"), values.get("sessions_total")
    months = spec.defaults.get("trajectory_months")
    if months and months.low is not None and isinstance(weeks, int) and isinstance(total, int):
        long = weeks * (total - 1) / WEEKS_IN_MONTH
        if long < months.low:
            text = _("The sessions span %(months)s months; %(paper)s points to %(band)s.") % {
                "months": int(long),
                "paper": spec.paper.short,
                "band": _band(months),
            }
            yield Note("trajectory_short", "sessions_total", text)
    if spec.has_calls and values.get("participation") == "mandatory":
        yield Note(
            "mandatory",
            "participation",
            _("The workshop was described for people who come of their own will."),
        )
    if values.get("requires_prior_error") is True:
        text = _("The workshop is meant for before anything has gone wrong.")
        yield Note("prior_error", "requires_prior_error", text)
