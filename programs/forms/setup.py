"""The frame of a program: what is asked, with the default and its reason beside each answer."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from accounts.models import Institution
from catalogue import Text, load
from intervision import clock
from intervision.days import DayField
from programs import frame
from programs.models import Program, ProgramText

YES_NO = [("", _("not decided yet")), ("true", _("yes")), ("false", _("no"))]


SECTIONS: list[tuple[Any, tuple[str, ...]]] = [
    (_("What it is"), ("institution", "title", "description")),
    (_("When"), ("starts_on", "ends_on", "answers_until")),
    (
        _("Size and rhythm"),
        ("target_size", "interval_weeks", "session_minutes", "sessions_total", "intake_minutes"),
    ),
    (_("Taking part"), ("participation", "mandatory_reason", "requires_prior_error", "joining")),
    (
        _("Guide and surroundings"),
        ("degree_required", "coaching_alongside", "coaching_mode", "refreshments"),
    ),
]


def _yes_no(value: Any) -> bool | None:
    return {"true": True, "false": False}.get(str(value).lower())


class FrameForm(forms.ModelForm):  # type: ignore[type-arg]
    """Asks what the format asks. Saving is ``actions.setup``; ``version`` says what the editor saw."""

    #: Given out with an empty form, so that sending it twice makes one program.
    new_id = forms.UUIDField(widget=forms.HiddenInput, required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    institution = forms.ModelChoiceField(Institution.objects.none(), label=_("Institution"), required=False)
    coaching_alongside = forms.TypedChoiceField(
        label=_("Are members offered coaching by someone outside the group?"),
        choices=YES_NO,
        coerce=_yes_no,
        empty_value=None,
        required=False,
    )
    requires_prior_error = forms.TypedChoiceField(
        label=_("Only for people who were involved in an error before?"),
        choices=YES_NO,
        coerce=_yes_no,
        empty_value=None,
        required=False,
    )

    class Meta:
        model = Program
        fields = ["institution", *frame.ALWAYS, *frame.BY_FORMAT, "mandatory_reason"]
        widgets = {
            "description": forms.Textarea(attrs={"rows": 3}),
            "mandatory_reason": forms.Textarea(attrs={"rows": 2}),
            "participation": forms.RadioSelect,
            "joining": forms.RadioSelect,
            "coaching_mode": forms.RadioSelect,
        }
        field_classes = dict.fromkeys(("starts_on", "ends_on", "answers_until"), DayField)
        labels = {
            "title": _("Name of the program"),
            "description": _("In a few words"),
            "starts_on": _("First day"),
            "ends_on": _("Last day"),
            "answers_until": _("Answer by"),
            "target_size": _("People in a group"),
            "interval_weeks": _("Weeks between sessions"),
            "session_minutes": _("Minutes in a session"),
            "sessions_total": _("Number of sessions"),
            "intake_minutes": _("Minutes in an intake"),
            "participation": _("Participation"),
            "mandatory_reason": _("Why it is mandatory"),
            "joining": _("How people come in"),
            "degree_required": _("The guide must be a physician"),
            "coaching_mode": _("The coaching call"),
            "refreshments": _("Something to eat and drink at every session"),
        }
        help_texts = {
            "description": _("Shown to everyone you invite."),
            "answers_until": _("After this day a place that was not accepted is open again."),
            "mandatory_reason": _("Only if it is mandatory. Participants read this."),
            "joining": _("By themselves means by a link, a QR code and the page of open programs."),
            "refreshments": _("Residents named it among the things that made a session work."),
        }

    def __init__(
        self,
        *args: Any,
        format_key: str,
        institutions: "list[Institution] | None" = None,
        **kwargs: Any,
    ) -> None:
        self.spec = load().formats[format_key]
        super().__init__(*args, **kwargs)
        # The model's own rule needs the format to be known while the form is checked.
        self.instance.format = format_key
        self._offer_institutions(institutions or [])
        asked = ["new_id", "version", "institution", *frame.fields_of(self.spec)]
        for name in [name for name in self.fields if name not in asked]:
            del self.fields[name]
        self.order_fields(asked)
        for name, field in self.fields.items():
            field.help_text = frame.hint(self.spec, name) or field.help_text
        self._offer("participation", load().words["participation"])
        self._offer("joining", {value: str(capfirst(label)) for value, label in Program.Joining.choices})
        if "coaching_mode" in self.fields:
            self._offer("coaching_mode", load().words["coaching_mode"])

    def _offer_institutions(self, institutions: "list[Institution]") -> None:
        if len(institutions) < 2:
            del self.fields["institution"]
            return
        field = self.fields["institution"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101
        field.queryset = Institution.objects.filter(pk__in=[house.pk for house in institutions])
        field.required = True

    def _offer(self, name: str, words: Mapping[str, Text | str]) -> None:
        """A choice in the catalogue's words."""
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101
        field.choices = [(key, str(word)) for key, word in words.items()]

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        starts, ends = values.get("starts_on"), values.get("ends_on")
        if starts and ends and ends < starts:
            self.add_error("ends_on", _("Choose a last day on or after the first day."))
        needs_reason = self.spec.has_calls and values.get("participation") == "mandatory"
        if needs_reason and not values.get("mandatory_reason"):
            self.add_error("mandatory_reason", _("Say why the workshop is mandatory; participants read it."))
        return values

    def validate_constraints(self) -> None:
        """``clean`` says the same two rules at their fields."""

    def sections(self) -> list[tuple[str, list[forms.BoundField]]]:
        """The visible fields under their headings."""
        asked = frame.fields_of(self.spec)
        parts = [
            (
                title,
                [
                    self[name]
                    for name in names
                    if name in asked or (name in ("institution",) and name in self.fields)
                ],
            )
            for title, names in SECTIONS
        ]
        return [(str(title), fields) for title, fields in parts if fields]

    def values(self) -> dict[str, Any]:
        """What was answered, without the version and the institution."""
        return {name: self.cleaned_data[name] for name in frame.fields_of(self.spec)}

    def notes(self) -> list[frame.Note]:
        """What is worth a look in what is typed or stored; also while something is still wrong."""
        if self.is_bound:
            self.full_clean()
            typed = self.cleaned_data
        else:
            typed = {name: self.get_initial_for_field(self.fields[name], name) for name in self.fields}
        found = frame.notes(self.spec, typed, today=clock.today())
        return [replace(note, text=f"{self.fields[note.field].label}: {note.text}") for note in found]


class TextForm(forms.ModelForm):  # type: ignore[type-arg]
    """What the program is for and what it cannot do, in both languages."""

    #: The fingerprint of the text the editor saw.
    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)

    #: Every text may wait, none of them for ever: the start asks for all four.
    hide_optional = True

    class Meta:
        model = ProgramText
        fields = ["purpose_en", "limits_en", "purpose_nl", "limits_nl"]
        widgets = {name: forms.Textarea(attrs={"rows": 12, "class": "tall"}) for name in fields}
