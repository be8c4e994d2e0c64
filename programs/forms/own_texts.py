import uuid
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from programs.models import Guide
from vault.forms import SealedTextField, SealedTextForm


class OwnTextForm(SealedTextForm):
    """Sealed texts, and the button that was pressed: for myself, or for one of ``guides`` by name to read."""

    def __init__(self, *args: Any, guides: Sequence[Guide], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.guides = {str(guide.pk): guide for guide in guides}
        self.chosen: Guide | None = None

    def clean(self) -> None:
        named = self.data.get("share", "")
        if named and named not in self.guides:
            self.add_error(None, _("This person no longer guides your group. Choose again who may read it."))
        self.chosen = self.guides.get(named)

    @property
    def texts(self) -> dict[str, str]:
        return {
            name: self.cleaned_data[name]
            for name, field in self.fields.items()
            if isinstance(field, SealedTextField)
        }


class PreparationForm(OwnTextForm):
    expectations = SealedTextField("preparation", label=_("What do you expect?"), required=False)
    not_to_discuss = SealedTextField(
        "preparation", label=_("What would you rather not discuss?"), required=False
    )
    first_goal = SealedTextField(
        "preparation", label=_("Is there something you would like to learn?"), required=False
    )


class GoalForm(OwnTextForm):
    goal = SealedTextField(
        "goal",
        label=_("What would you like to learn?"),
        error_messages={"required": _("Write a few words, or go back without a goal.")},
    )
    progress = SealedTextField("goal", label=_("How does it go?"), required=False)


class NewGoalForm(GoalForm):
    #: Made with the page, so that a form sent twice makes one goal.
    goal_id = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
