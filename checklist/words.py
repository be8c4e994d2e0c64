"""What was measured, in words."""

from decimal import ROUND_HALF_UP, Decimal

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

import catalogue
from catalogue.kinds import FactSpec
from checklist.inputs import Fact, Number, Range, exact
from checklist.labels import LABELS
from checklist.outcomes import ItemScore

#: The units of the catalogue, for exactly one.
ONE = {
    "persons": gettext_lazy("person"),
    "accounts": gettext_lazy("account"),
    "hours": gettext_lazy("hour"),
    "weeks": gettext_lazy("week"),
    "months": gettext_lazy("month"),
    "minutes": gettext_lazy("minute"),
    "members": gettext_lazy("member"),
    "years": gettext_lazy("year"),
    "contacts": gettext_lazy("contact"),
    "disciplines": gettext_lazy("discipline"),
    "persons present": gettext_lazy("person present"),
    "sessions": gettext_lazy("session"),
}


def measured(item: ItemScore) -> str:
    """``Between sessions: 6 weeks``; where what took place has replaced the plan, both."""
    value = value_of(item)
    return _("%(what)s: %(value)s") % {"what": LABELS[item.fact], "value": value} if value else ""


def value_of(item: ItemScore) -> str:
    """``6 weeks``, for where it has been said already what is measured."""
    if not item.fact or (item.value is None and item.planned is None):
        return ""
    measure = item.item.measure
    value = fact_in_words(item.fact, item.value)
    if item.fact not in {rule.fact for rule in measure.recorded.values()}:
        return value
    planned = next(iter(measure.rules.values())).fact
    return _("%(value)s (planned: %(planned)s)") % {
        "value": value,
        "planned": _planned(planned, item.planned),
    }


def _planned(key: str, value: Fact) -> str:
    """A plan that is a yes or no is about something else than the share that replaces it."""
    words = fact_in_words(key, value)
    return f"{LABELS[key]}: {words}" if isinstance(value, bool) else words


def fact_in_words(key: str, value: Fact) -> str:
    if value is None:
        return _("not yet known")
    spec = catalogue.load().facts[key]
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, str):
        return _chosen(value)
    if isinstance(value, Range):
        return _range(spec, value)
    return _with_unit(spec, _number(spec, value))


def _chosen(value: str) -> str:
    words = catalogue.load().words
    found = words["participation"].get(value) or words["coaching_mode"].get(value)
    return str(found or value)


def _range(spec: FactSpec, value: Range) -> str:
    low = _number(spec, value.low or 0)
    if value.high is None:
        return _with_unit(spec, _("%(low)s or more") % {"low": low})
    return _with_unit(spec, _("%(low)s to %(high)s") % {"low": low, "high": _number(spec, value.high)})


def _number(spec: FactSpec, value: Number) -> str:
    number = exact(value)
    if spec.type == "ratio" and "_per_" not in spec.key:
        return f"{_rounded(number * 100, 0)}\N{NO-BREAK SPACE}%"
    return _rounded(number, 2 if spec.type == "ratio" else 1)


def _rounded(number: Number, places: int) -> str:
    """As the language writes it, without zeros that say nothing."""
    fraction = exact(number)
    exactly = Decimal(fraction.numerator) / Decimal(fraction.denominator)
    rounded = exactly.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    return str(number_format(rounded.normalize().__format__("f"), use_l10n=True))


def _with_unit(spec: FactSpec, number: str) -> str:
    if spec.unit is None or not str(spec.unit):
        return number
    if spec.key.endswith("_parts"):
        return _("%(number)s of 2 parts") % {"number": number}
    one = ONE.get(spec.unit.en) if number == "1" else None
    return f"{number} {one or spec.unit}"
