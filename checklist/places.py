"""The pages of one checklist: of a program, or of one of its groups."""

from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from django.urls import reverse


@dataclass(frozen=True, slots=True)
class Place:
    of: Literal["program", "group"]
    pk: UUID

    @property
    def home(self) -> str:
        return reverse(f"checklist:{self.of}", args=[self.pk])

    @property
    def table(self) -> str:
        return reverse(f"checklist:{self.of}-table", args=[self.pk])

    def layer(self, key: str) -> str:
        return reverse(f"checklist:{self.of}-layer", args=[self.pk, key])
