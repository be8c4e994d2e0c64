"""What changed, by whom and in which request: rows that the database writes beside each change.

Triggers write them, so bulk changes and raw SQL count too. The application's role may add and read them, never
change one (intervision/roles.py).
"""

from typing import Any

import pghistory
import pghistory.models
from django.db import models


class Event(pghistory.models.Event):
    pgh_id = models.BigAutoField(primary_key=True)
    append_only = True

    class Meta:
        abstract = True


def of(model: type[models.Model], *fields: str) -> Any:
    """The base of a model that holds each change of ``fields``, with the row as it was before it was deleted."""
    return pghistory.create_event_model(
        model,
        pghistory.InsertEvent(),
        pghistory.UpdateEvent(),
        pghistory.DeleteEvent(),
        fields=["id", *fields],
        obj_field=pghistory.ObjForeignKey(related_name="+"),
        context_field=pghistory.ContextJSONField(),
        context_id_field=None,  # type: ignore[arg-type]
        base_model=Event,
        level=pghistory.Statement,
    )
