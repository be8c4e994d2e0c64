import datetime as dt
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.timezone import get_current_timezone
from django.utils.translation import gettext_lazy as _

from intervision.days import DayField


class OpenedForm(forms.Form):
    """Which lines to show of who opened what."""

    hide_optional = True

    person = forms.CharField(
        label=_("Name"), required=False, max_length=150, help_text=_("Of who opened it, or of whose it was.")
    )
    since = DayField(label=_("From"), required=False)
    until = DayField(label=_("Until"), required=False)

    def clean(self) -> dict[str, Any]:
        asked: dict[str, Any] = self.cleaned_data
        if asked.get("since") and asked.get("until") and asked["until"] < asked["since"]:
            raise ValidationError(_("The last day must not be before the first."))
        return asked

    @property
    def narrows(self) -> dict[str, Any]:
        """The part of a name, and the moments from which and before which, in the zone of the page."""
        asked = self.cleaned_data
        return {
            "person": asked.get("person") or "",
            "since": _begin(asked.get("since")),
            "until": _begin(asked["until"] + dt.timedelta(days=1)) if asked.get("until") else None,
        }


def _begin(day: dt.date | None) -> dt.datetime | None:
    return dt.datetime.combine(day, dt.time(), get_current_timezone()) if day else None
