"""Two people who change the same thing at once: the second sees both versions, and nothing is overwritten."""

import datetime as dt
import hashlib
import json
from collections.abc import Iterable
from typing import Any, NamedTuple

from django import forms
from django.db.models import Model
from django.utils.translation import gettext as _

from intervision.templatetags.times import spoken_day


class Difference(NamedTuple):
    """One question answered differently; ``stored`` and ``mine`` in words."""

    field: forms.BoundField
    stored: str
    mine: str


def fingerprint(row: Model, names: Iterable[str]) -> str:
    """Tells one state of ``names`` from another, whoever wrote it."""
    values = [row._meta.get_field(name).value_to_string(row) for name in names]  # type: ignore[union-attr]
    return hashlib.sha256(json.dumps(values).encode()).hexdigest()


def differences(typed: forms.BaseForm, stored: forms.BaseForm) -> list[Difference]:
    """Where a form as it was typed differs from the same form over what is stored now."""
    return [
        Difference(mine, spoken(mine.field, theirs.initial), spoken(mine.field, mine.data))
        for mine, theirs in zip(typed, stored, strict=True)
        if not mine.is_hidden and mine.field.has_changed(theirs.initial, mine.data)
    ]


def spoken(field: forms.Field, value: Any) -> str:
    """The answer as the page says it: the words of a choice, a day with its weekday, yes or no."""
    if isinstance(field, forms.BooleanField):
        return _("yes") if field.to_python(value) else _("no")
    if isinstance(field, forms.ChoiceField):
        words = {str(key): str(label) for key, label in field.choices}  # type: ignore[misc,union-attr]
        chosen = value if isinstance(value, list | tuple) else [value]
        return ", ".join(words.get(str(one), str(one or "—")) for one in chosen) or "—"
    read = field.to_python(value)
    if isinstance(read, dt.date):
        return spoken_day(read)
    if isinstance(read, dt.time):
        return f"{read:%H:%M}"
    return "—" if read in (None, "") else str(read)


def answering_to(form: forms.BaseForm, seen: str) -> None:
    """Keep what was typed in ``form`` and let its next saving answer to the version ``seen``."""
    form.data = {**{name: _raw(form, name) for name in form.data}, "seen": seen}


def _raw(form: forms.BaseForm, name: str) -> Any:
    widget = form.fields[name].widget if name in form.fields else None
    return widget.value_from_datadict(form.data, form.files, name) if widget else form.data.get(name)
