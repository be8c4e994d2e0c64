"""The days that forms take."""

import datetime as dt
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

FIRST, LAST = dt.date(1950, 1, 1), dt.date(2100, 12, 31)


def check(on: dt.date) -> None:
    if not FIRST <= on <= LAST:
        years = {"first": FIRST.year, "last": LAST.year}
        raise ValidationError(_("Choose a year from %(first)s to %(last)s."), "year", years)


class DayField(forms.DateField):
    """A day somebody can mean: the week before it and the year after it are days too, in every time zone."""

    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    default_validators = [check]

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {"min": FIRST.isoformat(), "max": LAST.isoformat()}
