from typing import Any

from django import forms
from django.utils.translation import gettext as _

from accounts import periods
from accounts.actions.institutions import KEPT
from accounts.models import Institution
from catalogue import retention
from catalogue.retention import Period, Retention
from intervision import versions


class PeriodsForm(forms.Form):
    """How long the house keeps each kind that has a period. Saving is ``institutions.shorten``."""

    hide_optional = True

    seen = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, institution: Institution, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.institution = institution
        self.initial["seen"] = versions.fingerprint(institution, KEPT)
        kept = periods.table(institution)
        for key, kind in retention.load().items():
            if kind.period and kind.least:
                self.fields[key] = period_field(str(kind.of_others.name), most=kind.period, least=kind.least)
                self.initial[key] = kept[key].period.number  # type: ignore[union-attr]

    @property
    def numbers(self) -> dict[str, int]:
        return {key: number for key, number in self.cleaned_data.items() if key != "seen"}

    @property
    def changed(self) -> dict[str, tuple[Retention, Retention]]:
        """By kind how it is kept now and how it would be, where that differs."""
        now = periods.table(self.institution)
        table = retention.load()
        asked = {key: table[key].of_others.shortened(number) for key, number in self.numbers.items()}
        return {key: (now[key], kind) for key, kind in asked.items() if kind.period != now[key].period}


def period_field(name: str, *, most: Period, least: Period) -> forms.IntegerField:
    said = {"most": most.words, "least": least.words}
    return forms.IntegerField(
        label=f"{name} ({_('months') if most.months else _('days')})",
        min_value=least.number,
        max_value=most.number,
        help_text=_("At most %(most)s, at least %(least)s.") % said,
        error_messages={
            "required": _("Say how long."),
            "invalid": _("Write a whole number."),
            "max_value": _("This is never kept for more than %(most)s.") % said,
            "min_value": _("Less than %(least)s is not possible.") % said,
        },
    )
