from typing import Any

from django import forms
from django.db.models import QuerySet

from sessions.models import Attendance

State = Attendance.State


class _AboutOne(forms.Form):
    """One row of those the page shows, and what is said of it. Buttons only: nothing is typed."""

    attendance = forms.ModelChoiceField(Attendance.objects.none())

    def __init__(self, *args: Any, rows: "QuerySet[Attendance]", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["attendance"].queryset = rows  # type: ignore[attr-defined]


class SayForm(_AboutOne):
    says = forms.ChoiceField(choices=[(State.PRESENT, ""), (State.ABSENT, "")])


class SettleForm(_AboutOne):
    answer = forms.ChoiceField(choices=[("confirm", ""), ("leave", "")])
