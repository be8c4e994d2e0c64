"""Questions as a form: five worded choices each, and nowhere a line of text."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from catalogue import load
from surveys.models import Window
from surveys.releasing import VALUES


class AnswersForm(forms.Form):
    def __init__(self, *args: Any, window: Window, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = load()
        choices = [(str(value), str(known.word("answer", str(value)))) for value in VALUES]
        for question in window.asked:
            self.fields[question.key] = forms.ChoiceField(
                label=str(known.items[question.key].measure.words),
                choices=choices,
                widget=forms.RadioSelect,
                error_messages={
                    "required": _("Choose what fits best; the one in the middle is an answer too."),
                    "invalid_choice": _("Choose one of the five answers."),
                },
            )

    @property
    def given(self) -> dict[str, int]:
        return {key: int(value) for key, value in self.cleaned_data.items()}
