"""What is asked of groups, what of it is kept sealed for how long, and what was released of it."""

from surveys.models.half_years import HalfYear, HalfYearResult
from surveys.models.windows import Kind, Pool, Receipt, Result, Tally, Window

__all__ = ["HalfYear", "HalfYearResult", "Kind", "Pool", "Receipt", "Result", "Tally", "Window"]
