"""Questions as a form: five worded choices each, and nowhere a line of text. And whom to ask about the climate."""

import datetime as dt
import re
from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Department
from catalogue import load
from intervision.days import DayField
from surveys import outcomes
from surveys.questions import Question
from surveys.releasing import VALUES


def label(key: str) -> str:
    """What the question asks."""
    item = load().items.get(key)
    return str(item.measure.words if item else outcomes.WORDS[key])


class AnswersForm(forms.Form):
    def __init__(self, *args: Any, asked: Sequence[Question], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = load()
        choices = [(str(value), str(known.word("answer", str(value)))) for value in VALUES]
        for number, question in enumerate(asked, 1):
            self.fields[question.key] = forms.ChoiceField(
                label=label(question.key),
                choices=choices,
                widget=forms.RadioSelect,
                error_messages={
                    "required": _(
                        "Question %(number)s: choose what fits best; the middle one is an answer too."
                    )
                    % {"number": number},
                    "invalid_choice": _("Choose one of the five answers."),
                },
            )

    @property
    def given(self) -> dict[str, int]:
        return {key: int(value) for key, value in self.cleaned_data.items()}


class ClimateForm(forms.Form):
    """Until when, and the addresses of staff of each department; residents and intervisors are known."""

    SHORTEST, LONGEST, USUAL = (dt.timedelta(days=days) for days in (7, 60, 21))
    MOST = 500

    closes_on = DayField(
        label=gettext_lazy("Last day to answer"),
        help_text=gettext_lazy("Three weeks is usual. Three days before, everybody gets one reminder."),
    )

    def __init__(
        self, *args: Any, departments: Sequence[Department], today: dt.date, least: int, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.today, self.least = today, least
        self.initial.setdefault("closes_on", today + self.USUAL)
        self.departments = {self._name(each): each for each in departments}
        for name, each in self.departments.items():
            self.fields[name] = forms.CharField(
                label=_("Staff of %(department)s") % {"department": each.name},
                help_text=_(
                    "E-mail addresses, one on each line: supervisors, nurses, whoever works there."
                    " Leave it empty to ask no staff."
                ),
                required=False,
                max_length=50_000,
                widget=forms.Textarea(attrs={"rows": 6, "spellcheck": "false", "autocapitalize": "off"}),
            )
            setattr(self, f"clean_{name}", lambda name=name: self._addresses(name))

    @staticmethod
    def _name(department: Department) -> str:
        return f"staff_{department.pk.hex}"

    @property
    def staff(self) -> dict[Any, list[str]]:
        """Addresses by the id of their department."""
        return {each.pk: self.cleaned_data[name] for name, each in self.departments.items()}

    def clean_closes_on(self) -> dt.date:
        on: dt.date = self.cleaned_data["closes_on"]
        if not self.today + self.SHORTEST <= on <= self.today + self.LONGEST:
            raise ValidationError(_("Choose a day from one week to two months ahead."))
        return on

    def _addresses(self, name: str) -> list[str]:
        """Each once, in the order typed; raises ValidationError with what is no address."""
        found = list(dict.fromkeys(re.split(r"[\s,;]+", self.cleaned_data[name].lower().strip())))
        found = [address for address in found if address]
        wrong = [address for address in found if not _is_address(address)]
        if wrong:
            said = _("This is not an e-mail address: %(wrong)s")
            raise ValidationError(said % {"wrong": ", ".join(wrong[:5])})
        if len(found) > self.MOST:
            raise ValidationError(_("At most %(most)s addresses for each department.") % {"most": self.MOST})
        return found

    def clean(self) -> dict[str, Any]:
        """Fewer people than can be shown are not asked."""
        cleaned = super().clean() or self.cleaned_data
        typed = [name for name in self.departments if cleaned.get(name)]
        if typed and not self.errors and sum(len(cleaned[name]) for name in typed) < self.least:
            said = _(
                "At least %(least)s addresses, because fewer answers are never shown. Or leave it empty."
            )
            self.add_error(typed[0], said % {"least": self.least})
        return cleaned


def _is_address(text: str) -> bool:
    try:
        validate_email(text)
    except ValidationError:
        return False
    return len(text) <= 254
