"""What is asked of groups and houses, what of it is kept sealed for how long, and what was released of it."""

from surveys.models.climate import (
    ClimateInvitation,
    ClimateReceipt,
    ClimateResult,
    ClimateRound,
    Stratum,
    Who,
)
from surveys.models.half_years import HalfYear, HalfYearResult
from surveys.models.windows import Kind, Pool, Receipt, Result, Tally, Window

__all__ = [
    "ClimateInvitation",
    "ClimateReceipt",
    "ClimateResult",
    "ClimateRound",
    "HalfYear",
    "HalfYearResult",
    "Kind",
    "Pool",
    "Receipt",
    "Result",
    "Stratum",
    "Tally",
    "Who",
    "Window",
]
