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
