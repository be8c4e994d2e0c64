from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from programs.models import Intake
from sessions.actions.intakes import Ticks

HELD, BY_PHONE, NO_SHOW = "held", "by_phone", "no_show"


class OutcomeForm(forms.Form):
    """How an intake went: one choice and three ticks. There is no text on purpose."""

    outcome = forms.ChoiceField(
        label=gettext_lazy("How did it go?"),
        choices=[
            (HELD, gettext_lazy("It took place")),
            (BY_PHONE, gettext_lazy("We met by phone")),
            (
                NO_SHOW,
                gettext_lazy("It did not take place\nThe resident gets another time. No reason is asked."),
            ),
        ],
        widget=forms.RadioSelect,
    )
    expectations_voiced = forms.BooleanField(label=gettext_lazy("Expectations voiced"), required=False)
    boundaries_agreed = forms.BooleanField(label=gettext_lazy("Boundaries agreed"), required=False)
    goal_formulated = forms.BooleanField(label=gettext_lazy("Goal formulated"), required=False)

    def __init__(self, *args: Any, intake: Intake | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if intake and intake.took_place:
            self.initial = {
                "outcome": BY_PHONE if intake.by_phone else HELD,
                "expectations_voiced": intake.expectations_voiced,
                "boundaries_agreed": intake.boundaries_agreed,
                "goal_formulated": intake.goal_formulated,
            }

    @property
    def ticks(self) -> Ticks:
        data = self.cleaned_data
        return Ticks(data["expectations_voiced"], data["boundaries_agreed"], data["goal_formulated"])
