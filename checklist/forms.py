"""What a coordinator can say on the checklist."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext_lazy as _

from catalogue.kinds import Item
from checklist.models import Declaration, Justification

NOTE_LENGTH = 300


class AnswersForm(forms.Form):
    """The questions that only a coordinator can answer. Keeping the answers is ``actions.declare``."""

    hide_optional = True

    def __init__(
        self, *args: Any, items: Iterable[Item], declared: Mapping[str, Declaration], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.items = list(items)
        for item in self.items:
            known = declared.get(item.key)
            self.fields[item.key] = forms.ChoiceField(
                label=str(item.measure.words),
                choices=[*Declaration.Answer.choices, ("", _("not answered yet"))],
                widget=forms.RadioSelect,
                required=False,
                initial=known.answer if known else "",
            )
            self.fields[f"{item.key}-note"] = forms.CharField(
                label=_("What is missing? (asked when the answer is “partly”)"),
                max_length=NOTE_LENGTH,
                required=False,
                initial=known.note if known else "",
            )

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        for item in self.items:
            if values.get(item.key) == "partly" and not values.get(f"{item.key}-note"):
                self.add_error(f"{item.key}-note", _("Say in one line what is missing."))
        return values

    def questions(self) -> Iterator[tuple[Item, BoundField, BoundField]]:
        for item in self.items:
            yield item, self[item.key], self[f"{item.key}-note"]

    def answers(self) -> dict[str, tuple[str, str]]:
        values = self.cleaned_data
        return {item.key: (values[item.key], values[f"{item.key}-note"]) for item in self.items}


class ReasonsForm(forms.Form):
    """One line for each condition that is not met. Keeping them is ``actions.justify``."""

    hide_optional = True

    def __init__(
        self, *args: Any, items: Iterable[Item], known: Mapping[str, Justification], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        for item in items:
            self.fields[item.key] = forms.CharField(
                label=_("Why is it so here?"),
                max_length=NOTE_LENGTH,
                required=False,
                initial=known[item.key].text if item.key in known else "",
            )

    def reasons(self) -> dict[str, str]:
        return {key: value.strip() for key, value in self.cleaned_data.items()}


class ReasonForm(forms.Form):
    """Why one condition stays as it is. Keeping it is ``actions.justify``."""

    reason = forms.CharField(label=_("Chosen not to, because"), max_length=NOTE_LENGTH)

    def __init__(self, *args: Any, item: str, **kwargs: Any) -> None:
        kwargs.setdefault("auto_id", f"{item}-%s")
        super().__init__(*args, **kwargs)
        self.item = item


AS_IT_IS = ("", _("as it is now"))
WORDS = {
    "size": _("People in a group"),
    "weeks": _("Weeks between sessions"),
    "minutes": _("Minutes in a session"),
    "sessions": _("Number of sessions"),
    "mix": _("Who sits together"),
    "room": _("The room"),
    "hours": _("Time of day"),
    "release": _("Free from clinical work"),
}
CHOICES = {
    "mix": [
        ("pairs", _("several training years, everybody with somebody of their own year")),
        ("alone", _("several training years, everybody alone in theirs")),
        ("one", _("one training year")),
    ],
    "room": [
        ("good", _("in the hospital, with daylight and a pleasant temperature")),
        ("plain", _("in the hospital, without these")),
        ("away", _("elsewhere, with daylight and a pleasant temperature")),
    ],
    "hours": [("within", _("every session within working hours")), ("outside", _("in the evening"))],
    "release": [
        ("covered", _("everybody is free, and somebody covers for them")),
        ("free", _("nobody has duty, but nothing is arranged")),
        ("none", _("sessions fall on duties")),
    ],
}
LIMITS = {"size": (2, 30), "weeks": (1, 52), "minutes": (15, 720), "sessions": (1, 60)}


class WhatIfForm(forms.Form):
    """What to try. Empty, or as it is now, tries nothing; keeping anything is no part of it."""

    hide_optional = True

    def __init__(self, *args: Any, asked: Iterable[str], present: Mapping[str, int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.present = present
        for name in asked:
            self.fields[name] = self._number(name) if name in LIMITS else self._choice(name)

    def _number(self, name: str) -> forms.Field:
        low, high = LIMITS[name]
        return forms.IntegerField(
            label=WORDS[name],
            min_value=low,
            max_value=high,
            required=False,
            initial=self.present.get(name),
        )

    def _choice(self, name: str) -> forms.Field:
        return forms.ChoiceField(label=WORDS[name], choices=[AS_IT_IS, *CHOICES[name]], required=False)

    def tried(self) -> dict[str, int | str]:
        """What is put otherwise than it is now."""
        if not self.is_valid():
            return {}
        values = {name: value for name, value in self.cleaned_data.items() if value not in ("", None)}
        return {name: value for name, value in values.items() if value != self.present.get(name)}
