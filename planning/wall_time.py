"""From the clock on the wall to UTC, refusing times that do not exist or exist twice."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo


class WallTimeError(ValueError):
    """A local time that is no single moment; ``code`` is time_missing or time_twice."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def moment(day: date, at: time, zone: ZoneInfo) -> datetime:
    """The moment in UTC at which the wall in ``zone`` shows ``day`` and ``at``; raises WallTimeError."""
    first = datetime.combine(day, at, zone)
    second = first.replace(fold=1)
    if first.astimezone(UTC).astimezone(zone).time() != at:
        raise WallTimeError("time_missing")
    if first.utcoffset() != second.utcoffset():
        raise WallTimeError("time_twice")
    return first.astimezone(UTC)
