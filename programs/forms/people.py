"""Lists of people: pasted, uploaded, or one person typed by hand."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from programs.models import Program
from programs.people.columns import fields_of, required_of
from programs.people.problems import LABELS
from programs.people.reading import Reading, read_file, read_pasted, read_row
from programs.people.table import MOST_BYTES


class ListForm(forms.Form):
    """A pasted or uploaded list. Reading it is part of checking the form; nothing is stored."""

    file = forms.FileField(label=_("A file, CSV or XLSX"), required=False, allow_empty_file=True)
    pasted = forms.CharField(
        label=_("Or paste the list here, its first row included"),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 6, "spellcheck": "false"}),
    )

    hide_optional = True

    def __init__(self, *args: Any, program: Program, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.program = program
        self.reading = Reading()
        self.fields["file"].widget.attrs["accept"] = ".csv,.txt,.xlsx"
        self.fields["file"].help_text = _("At most 20,000 people and %(megabytes)s MB.") % {
            "megabytes": MOST_BYTES // 1024**2
        }

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        file, pasted = values.get("file"), values.get("pasted", "")
        if file:
            content = file.read(MOST_BYTES + 1)
            self.reading = read_file(content, file.name, program_format=self.program.format)
        elif pasted.strip():
            self.reading = read_pasted(pasted, program_format=self.program.format)
        else:
            raise forms.ValidationError(_("Choose a file, or paste the list."))
        for problem in self.reading.problems:
            self.add_error("file" if file else "pasted", problem.message)
        return values

    @property
    def filename(self) -> str:
        file = self.cleaned_data.get("file")
        return file.name if file else ""


class PersonForm(forms.Form):
    """One person, with the columns of a list as fields."""

    def __init__(self, *args: Any, program: Program, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.program = program
        required = required_of(program.format)
        for name in fields_of(program.format):
            label = str(LABELS[name]).capitalize()
            self.fields[name] = forms.CharField(label=label, required=name in required, max_length=2000)
        self.fields["supervisors"].help_text = _(
            "Names or e-mail addresses, separated by |. They can never guide or join this person's group."
        )
        self.fields["grid"].help_text = _(
            "For example: mon-am never, tue rather not. The person can change it."
        )
        departments = program.institution.departments.values_list("name", flat=True)
        self.departments = list(departments)
        self.fields["department"].widget.attrs["list"] = "departments"
        self.fields["email"].widget.attrs.update({"type": "email", "autocomplete": "off"})

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        row = read_row(1, values, program_format=self.program.format)
        for name, problems in row.errors.items():
            if name in self.fields and name not in self.errors:
                for problem in problems:
                    self.add_error(name, problem.message)
        return values
