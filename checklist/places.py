"""The pages of one checklist: of a program, or of one of its groups."""

from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from intervision.addresses import address


@dataclass(frozen=True, slots=True)
class Place:
    of: Literal["program", "group"]
    pk: UUID

    @property
    def home(self) -> str:
        return address(f"checklist:{self.of}", self.pk)

    @property
    def table(self) -> str:
        return address(f"checklist:{self.of}-table", self.pk)

    def layer(self, key: str) -> str:
        return address(f"checklist:{self.of}-layer", self.pk, key)
