from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from catalogue import load
from sessions.forms.log import AGREEMENT
from sessions.models import GuideRound


class GuideRoundForm(forms.Form):
    """Five worded choices for each question, and ``before`` what was chosen earlier; nowhere a line of text."""

    def __init__(self, *args: Any, round: GuideRound, before: Mapping[str, int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = load().items
        for key in (key for key in round.questions if key in known):
            given = before.get(key)
            self.fields[key] = forms.ChoiceField(
                label=str(known[key].measure.words),
                choices=AGREEMENT,
                widget=forms.RadioSelect,
                initial=str(given) if given else None,
                error_messages={"required": _("Choose what fits best; “Partly” is an answer too.")},
            )

    @property
    def given(self) -> dict[str, int]:
        return {key: int(value) for key, value in self.cleaned_data.items()}
