"""What changed in how long a house keeps things."""

from django.db import models

from accounts.models.institution import Institution
from intervision.history import of


class InstitutionEvent(of(Institution, "own_periods")):  # type: ignore[misc]
    class Meta:
        indexes = [models.Index(fields=("id",))]
