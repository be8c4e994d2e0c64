"""Facts of who is in the groups. Paused members are out of every count."""

from collections import Counter
from fractions import Fraction

import catalogue
from checklist import derivations
from checklist.inputs import Fact, Range, exact
from checklist.rows import GroupRow, MemberRow, Scope

PLANNING = ("draft", "recruiting")


def group_size_planned(scope: Scope) -> Fact:
    """The size that fits the format least. A group nobody is in yet is as large as is aimed for while planning."""
    sizes = [_size(group, scope) for group in scope.groups] or [scope.frame.target_size]
    known = [size for size in sizes if size is not None]
    if len(known) < len(sizes):
        return None
    default = catalogue.load().formats[scope.frame.format].defaults["group_size"]
    low, high = default.low or default.value or 0, default.high or default.value or 0
    return max(known, key=lambda size: max(low - size, size - high))


def _size(group: GroupRow, scope: Scope) -> int | None:
    size = len(group.members_on(scope.on))
    return size or (scope.frame.target_size if scope.frame.stage in PLANNING else 0)


def training_years_distinct(scope: Scope) -> Fact:
    """The fewest of any group; a member whose year is not known leaves a range."""
    found = [derivations.training_years_distinct(_years(members)) for members in _seated(scope)]
    if not found or None in found:
        return None
    ranges = [value if isinstance(value, Range) else Range(value, value) for value in found]
    low, high = (
        min(exact(end or 0) for end in ends) for ends in zip(*((r.low, r.high) for r in ranges), strict=True)
    )
    return int(low) if low == high else Range(int(low), int(high))


def training_years_share(scope: Scope) -> Fact:
    """The smallest of any group, of the years that the longest training in the program takes."""
    length = max((member.training_years or 0 for member in scope.members()), default=0)
    found = [_years_share(_years(members), length) for members in _seated(scope)]
    known = [value for value in found if value is not None]
    return min(known, default=None) if len(known) == len(found) else None


def _years_share(years: list[int | None], length: int) -> Fraction | None:
    return derivations.training_years_share(years, max(length, len(set(years)))) if length else None


def same_phase_peer_share(scope: Scope) -> Fact:
    """Nobody has a peer in another group."""
    groups = [_years(members) for members in _seated(scope)]
    if any(None in years for years in groups):
        return None
    with_peer = sum(size for years in groups for size in Counter(years).values() if size > 1)
    return derivations.share(with_peer, sum(len(years) for years in groups))


def cohort_disciplines(scope: Scope) -> Fact:
    """The most of any group; unknown while one member's discipline is."""
    groups = _seated(scope)
    if not groups or any(not member.discipline for members in groups for member in members):
        return None
    return max(len({member.discipline.casefold() for member in members}) for members in groups)


def _seated(scope: Scope) -> list[tuple[MemberRow, ...]]:
    """The members of each group that has any."""
    return [members for group in scope.groups if (members := group.members_on(scope.on))]


def _years(members: tuple[MemberRow, ...]) -> list[int | None]:
    return [member.year for member in members]
