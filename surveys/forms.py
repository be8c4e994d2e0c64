"""Questions as a form: five worded choices each, and nowhere a line of text."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _

from catalogue import load
from surveys.models import Window
from surveys.releasing import VALUES


class AnswersForm(forms.Form):
    def __init__(self, *args: Any, window: Window, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = load()
        choices = [(str(value), str(known.word("answer", str(value)))) for value in VALUES]
        for number, question in enumerate(window.asked, 1):
            self.fields[question.key] = forms.ChoiceField(
                label=str(known.items[question.key].measure.words),
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
