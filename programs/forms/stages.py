from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from programs.reasons import Asked


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


class StartForm(MoveForm):
    """Also one line for each condition that is not met; what was said before stands there."""

    def __init__(self, *args: Any, asked: Iterable[Asked], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.asked = list(asked)
        for one in self.asked:
            self.fields[f"why-{one.key}"] = forms.CharField(
                label=one.statement,
                help_text=one.said,
                max_length=300,
                initial=one.reason,
                error_messages={"required": _("Say in one line why it is so here.")},
            )
        self.order_fields([f"why-{one.key}" for one in self.asked])

    def lines(self) -> dict[str, str]:
        return {one.key: self.cleaned_data[f"why-{one.key}"] for one in self.asked}
