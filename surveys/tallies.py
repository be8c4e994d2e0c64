"""The only place where counts are sealed and opened. A tally is locked before it is read, to the end."""

from collections.abc import Iterable, Mapping

from surveys import packing
from surveys.models import HalfYear, Pool, Stratum, Tally, Window
from surveys.questions import keys
from surveys.releasing import Counts, Pooled, add
from vault import tally as sealing


def begin(window: Window) -> Tally:
    key, items = sealing.new_key(), keys(window.asked)
    plain = packing.pack(packing.empty(items), items)
    sealed = sealing.seal(key, plain, about=_window(window))
    return Tally.objects.create(window=window, key=key, sealed=sealed)


def locked(windows: Iterable[Window]) -> dict[object, Tally]:
    """The tallies of ``windows`` that still are, each locked, always in one order."""
    rows = Tally.objects.select_for_update(no_key=True).filter(window__in=windows).order_by("window")
    return {row.window_id: row for row in rows}


def counts(window: Window, tally: Tally) -> dict[str, Counts]:
    plain = sealing.open(bytes(tally.key), bytes(tally.sealed), about=_window(window))
    return packing.unpack(plain, keys(window.asked))[1]


def write(window: Window, tally: Tally, told: Mapping[str, Counts]) -> None:
    """Every time under a fresh nonce, and of one length."""
    plain = packing.pack(told, keys(window.asked))
    tally.sealed = sealing.seal(bytes(tally.key), plain, about=_window(window))
    tally.save(update_fields=["sealed"])


def begin_stratum(stratum: Stratum) -> None:
    """Put an empty tally into the stratum's row, unsaved."""
    stratum.key = sealing.new_key()
    write_stratum(stratum, packing.empty(keys(stratum.asked)))


def counts_of_stratum(stratum: Stratum) -> dict[str, Counts]:
    """``stratum`` is locked, and its round open."""
    if stratum.key is None or stratum.sealed is None:
        raise ValueError("the tally of this stratum is gone")
    plain = sealing.open(bytes(stratum.key), bytes(stratum.sealed), about=_stratum(stratum))
    return packing.unpack(plain, keys(stratum.asked))[1]


def write_stratum(stratum: Stratum, told: Mapping[str, Counts]) -> None:
    """Unsaved, under a fresh nonce and of one length."""
    plain = packing.pack(told, keys(stratum.asked))
    stratum.sealed = sealing.seal(bytes(stratum.key or b""), plain, about=_stratum(stratum))


def total(one: Mapping[str, Counts], other: Mapping[str, Counts]) -> dict[str, Counts]:
    """Of the questions of ``one``."""
    return {item: add(count, other[item]) if item in other else count for item, count in one.items()}


def answers(told: Mapping[str, Counts]) -> int:
    """How many answered: every question of a window is answered by everybody who answers it."""
    return min((sum(count) for count in told.values()), default=0)


class PoolCounts:
    """The two parts of a pool: ``told`` of people whose answers somebody was shown, ``rest`` of others."""

    def __init__(self, pool: Pool | HalfYear) -> None:
        self.pool, self.items = pool, keys(pool.asked)
        if pool.sealed is None or pool.key is None:
            self.key = sealing.new_key()
            self.people = [0, 0]
            self.parts = [packing.empty(self.items), packing.empty(self.items)]
            return
        self.key = bytes(pool.key)
        plain = sealing.open(self.key, bytes(pool.sealed), about=_pool(pool))
        people, both = packing.unpack(plain, [*self.items, *self._rest], people=2)
        self.people = list(people)
        self.parts = [
            {item: both[item] for item in self.items},
            {item: both[rest] for item, rest in zip(self.items, self._rest, strict=True)},
        ]

    @property
    def _rest(self) -> list[str]:
        return [f"rest of {item}" for item in self.items]

    def add(self, counts: Mapping[str, Counts], people: int, *, told: bool) -> None:
        part = 0 if told else 1
        self.people[part] += people
        self.parts[part] = total(self.parts[part], counts)

    def chosen(self, may: Pooled) -> dict[str, Counts]:
        """The counts of what may be shown."""
        used = [part for part, use in zip(self.parts, (may.with_told, may.with_rest), strict=True) if use]
        return used[0] if len(used) == 1 else total(*used)

    def seal(self) -> None:
        """Put the parts into the pool's row, unsaved."""
        both = self.parts[0] | dict(zip(self._rest, self.parts[1].values(), strict=True))
        plain = packing.pack(both, list(both), *self.people)
        self.pool.key, self.pool.sealed = self.key, sealing.seal(self.key, plain, about=_pool(self.pool))


def _window(window: Window) -> str:
    return f"window {window.pk}"


def _stratum(stratum: Stratum) -> str:
    return f"stratum {stratum.pk}"


def _pool(pool: Pool | HalfYear) -> str:
    return f"{'pool' if isinstance(pool, Pool) else 'half-year'} {pool.pk}"
