from typing import Any

from django import forms
from django.db.models import Subquery
from django.utils.translation import gettext_lazy as _

from accounts.models import Department, User
from intervision import clock
from intervision.days import DayField
from programs.models import EvaluativeRelation, FacilitatorProfile, Program, TrainingRecord


class AddGuideForm(forms.Form):
    """Who joins the directory. Acting is ``actions.guides.add_guide``."""

    name = forms.CharField(label=_("Name"), max_length=150)
    email = forms.EmailField(
        label=_("E-mail address"),
        max_length=254,
        help_text=_("Nothing is sent now. If we know the address, we use the name its owner gave."),
    )


class ProfileForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = FacilitatorProfile
        fields = ["kind", "insider", "cbt_experience", "capacity"]
        labels = {
            "kind": _("Kind of guide"),
            "insider": _("Knows this workplace from within"),
            "cbt_experience": _("Has experience with cognitive-behavioural work"),
            "capacity": _("Groups at most"),
        }
        help_texts = {
            "insider": _("Somebody from outside is briefed on the workplace before the first session."),
        }


class TrainingForm(forms.ModelForm):  # type: ignore[type-arg]
    on = DayField(label=_("Date"))

    class Meta:
        model = TrainingRecord
        fields = ["topic", "hours", "on", "trainer"]
        labels = {"topic": _("Training"), "hours": _("Hours"), "trainer": _("Given by")}


class RuleForm(forms.Form):
    """Somebody joins a department's assessing staff."""

    department = forms.ModelChoiceField(
        Department.objects.none(), label=_("Department"), empty_label=_("Choose…")
    )
    name = forms.CharField(label=_("Name"), max_length=150)
    email = forms.EmailField(label=_("E-mail address"), max_length=254)
    from_on = DayField(label=_("From"))

    def __init__(self, *args: Any, program: Program, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["department"].queryset = program.institution.departments.all()  # type: ignore[attr-defined]
        self.fields["from_on"].initial = clock.today

    def offer(self, departments: list[tuple[str, str]]) -> None:
        """Show these to choose from, which the page has read anyway."""
        field = self.fields["department"]
        field.choices = [("", field.empty_label), *departments]  # type: ignore[attr-defined]


class ShownChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    """People by the name that is shown of them here."""

    def label_from_instance(self, obj: Any) -> str:
        return str(obj.shown)


class ShownChoices(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]
    label_from_instance = ShownChoice.label_from_instance


class RelationForm(forms.Form):
    """Somebody evaluates one resident of the program."""

    resident = ShownChoice(User.objects.none(), label=_("Resident"), empty_label=_("Choose…"))
    kind = forms.ChoiceField(label=_("What they do"), choices=EvaluativeRelation.Kind.choices)
    name = forms.CharField(label=_("Name of who does it"), max_length=150)
    email = forms.EmailField(label=_("Their e-mail address"), max_length=254)
    from_on = DayField(label=_("From"))
    until_on = DayField(label=_("Until"), required=False, help_text=_("Leave empty if it goes on."))

    def __init__(self, *args: Any, program: Program, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = User.objects.filter(pk__in=program.memberships.live().values("user"))
        people = people.annotate(shown=Subquery(program.memberships.shown_names("pk"))).order_by("shown")
        self.fields["resident"].queryset = people  # type: ignore[attr-defined]
        self.fields["from_on"].initial = clock.today

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        first, last = data.get("from_on"), data.get("until_on")
        if first and last and last < first:
            self.add_error("until_on", _("The last day must not be before the first."))
        resident = data.get("resident")
        if resident and data.get("email", "").lower() == resident.email:
            self.add_error("email", _("Nobody evaluates themselves: this is the resident's own address."))
        return data


class DeclareForm(forms.Form):
    """A guide ticks whom of the group they evaluate; nobody ticked is a declaration too."""

    evaluates = ShownChoices(
        User.objects.none(),
        label=_("Whom of them do you supervise, assess, teach for their training, or direct?"),
        help_text=_("Tick nobody if you are independent of all of them."),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, members: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["evaluates"].queryset = members  # type: ignore[attr-defined]
