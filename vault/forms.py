"""The field of a sealed text: begins by saying that nothing need be written, who reads it and until when."""

from typing import Any

from django import forms
from django.utils.functional import lazystr
from django.utils.translation import gettext_lazy as _

from catalogue.retention import Retention, Table

LONGEST = 2000  # characters


class SealedTextField(forms.CharField):
    """``kind`` is a line of the retention table. Never kept by the browser."""

    def __init__(self, kind: str, *, rows: int = 3, **kwargs: Any) -> None:
        self.kind = kind
        widget = forms.Textarea(attrs={"rows": rows, "autocomplete": "off"})
        super().__init__(max_length=LONGEST, widget=widget, **kwargs)


class SealedTextForm(forms.Form):
    """``kept`` is the retention table as the house of the program keeps to it, said beside each field."""

    hide_optional = True

    def __init__(self, *args: Any, kept: Table, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if isinstance(field, SealedTextField):
                field.help_text = lazystr(Said(kept[field.kind]))


class Said:
    """The words beside the field, in the reader's language."""

    def __init__(self, kind: Retention) -> None:
        self.kind = kind

    def __str__(self) -> str:
        return f"{_('You need not write anything here.')} {self.kind.sentence}"
