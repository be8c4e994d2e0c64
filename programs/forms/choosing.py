from collections.abc import Callable, Sequence
from typing import Any, cast

from django.db.models import Model
from django.forms import Field, ModelChoiceField


def choose(field: Field, rows: Sequence[Any], label: Callable[[Any], str] = str) -> None:
    """Let a ``ModelChoiceField`` offer ``rows`` that the page has read already, and accept no other."""
    offered = cast("ModelChoiceField[Model]", field)
    model = cast("type[Model]", offered.queryset.model)  # type: ignore[union-attr]
    offered.queryset = model._default_manager.filter(pk__in=[row.pk for row in rows])
    empty = [] if offered.empty_label is None else [("", offered.empty_label)]
    offered.choices = [*empty, *((row.pk, label(row)) for row in rows)]
