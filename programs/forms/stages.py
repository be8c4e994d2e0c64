from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


class MoveForm(forms.Form):
    """One line about the warnings, asked only when there are any. Moving is ``actions.stages``."""

    note = forms.CharField(
        label=_("Why you go on"),
        help_text=_("One line. It is kept with the date, for you and the other coordinators."),
        max_length=300,
    )

    def __init__(self, *args: Any, warned: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not warned:
            del self.fields["note"]
