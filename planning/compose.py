"""Propose groups: who sits with whom, led by which guide.

Pure and deterministic: the same request and seed give the same groups. Never puts a forbidden pair
together; everything else is a preference that is weighed and explained. A greedy draft is
improved by annealing over bit masks, bounded by steps and not by time.

Half-days are bit masks (bit 0 is Monday morning, two bits per day); None means that nothing is known.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from planning.annealing import improve
from planning.greedy import draft
from planning.half_days import EVERY_HALF_DAY
from planning.notes import Id, Note
from planning.puzzle import UNPLACED, Puzzle, State


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody to place. ``free``: possible half-days; ``fine``: those that suit well."""

    id: Id
    training_year: int | None = None
    specialty: str = ""
    free: int | None = None
    fine: int | None = None


@dataclass(frozen=True, slots=True)
class Guide:
    """Somebody who may lead. ``capacity`` counts groups of this request, kept ones included."""

    id: Id
    free: int | None = None
    capacity: int = 1


@dataclass(frozen=True, slots=True)
class SizeBand:
    """Members per group: at least, preferably, at most."""

    least: int
    target: int
    most: int


@dataclass(frozen=True, slots=True)
class KeptGroup:
    """A group that exists: its members and guides stay; ``is_open`` when others may be added."""

    key: Id
    members: tuple[Id, ...] = ()
    guides: tuple[Id, ...] = ()
    is_open: bool = True


@dataclass(frozen=True, slots=True)
class Request:
    """All that composing needs.

    ``evaluators`` are (member, guide) pairs that may never meet, ``apart`` member pairs that may never
    meet, in either order. ``unknown`` are (member, guide) pairs of whom nobody said yet whether they are
    independent: they are avoided where that costs nothing. ``group_count`` counts kept groups too.
    """

    members: Sequence[Member]
    guides: Sequence[Guide]
    size: SizeBand
    evaluators: frozenset[tuple[Id, Id]] = frozenset()
    apart: frozenset[tuple[Id, Id]] = frozenset()
    unknown: frozenset[tuple[Id, Id]] = frozenset()
    kept: Sequence[KeptGroup] = ()
    group_count: int | None = None
    years_wanted: int = 2
    same_year_peer_wanted: bool = True
    one_specialty: bool = False
    common_wanted: int = 1


@dataclass(frozen=True, slots=True)
class Placement:
    """Members and guides of one group, however they came together."""

    members: tuple[Id, ...]
    guides: tuple[Id, ...] = ()
    key: Id = None


@dataclass(frozen=True, slots=True)
class ProposedGroup:
    """One group with its explanation. ``key`` is that of the kept group, None for a new one.

    ``common`` and ``common_fine`` are half-days that all members and guides with a known grid share.
    ``years`` counts members per training year, None for not known, in order.
    """

    key: Id
    members: tuple[Id, ...]
    guides: tuple[Id, ...]
    years: tuple[tuple[int | None, int], ...]
    without_peer: tuple[Id, ...]
    without_grid: tuple[Id, ...]
    common: int
    common_fine: int
    notes: tuple[Note, ...] = ()

    @property
    def size(self) -> int:
        return len(self.members)

    @property
    def is_allowed(self) -> bool:
        return not any(note.blocks for note in self.notes)


@dataclass(frozen=True, slots=True)
class NotPlaced:
    """A member without a group; ``reason.code`` is no_place, never_free or evaluated_everywhere."""

    member: Id
    reason: Note


@dataclass(frozen=True, slots=True)
class Proposal:
    """The groups, who is in none, and ``cost``: lower is better, comparable within one request only."""

    groups: tuple[ProposedGroup, ...]
    not_placed: tuple[NotPlaced, ...]
    cost: int
    seed: int


def propose(request: Request, *, seed: int = 1, steps: int | None = None) -> Proposal:
    """Compose groups for ``request``.

    ``steps`` bounds the work: moves tried, 600 for each member when not given, at most 120,000.
    A kept placement that would put a forbidden pair together is not kept: that member is placed anew.
    Raises ValueError for ids that occur twice or are not in the request.
    """
    puzzle = _puzzle(request)
    state = draft(puzzle)
    improve(puzzle, state, seed=seed, steps=min(120_000, 600 * puzzle.size if steps is None else steps))
    groups = tuple(explain(request, placement) for placement in _placements(request, puzzle, state))
    missing = tuple(
        NotPlaced(request.members[member].id, _reason(puzzle, state, member))
        for member in range(puzzle.size)
        if state.group_of[member] == UNPLACED
    )
    return Proposal(groups, missing, state.cost, seed)


def explain(request: Request, placement: Placement) -> ProposedGroup:
    """Say what is to be said about one group, also after it was changed by hand."""
    by_id = {member.id: member for member in request.members}
    guide_by_id = {guide.id: guide for guide in request.guides}
    people = [by_id[key] for key in placement.members]
    guides = [guide_by_id[key] for key in placement.guides]
    common = common_fine = EVERY_HALF_DAY
    everybody: list[Member | Guide] = [*people, *guides]
    for person in everybody:
        common &= EVERY_HALF_DAY if person.free is None else person.free
    for member in people:
        common_fine &= EVERY_HALF_DAY if member.fine is None else member.fine
    years = Counter(member.training_year for member in people)
    group = ProposedGroup(
        key=placement.key,
        members=placement.members,
        guides=placement.guides,
        years=tuple(sorted(years.items(), key=lambda item: (item[0] is None, item[0] or 0))),
        without_peer=tuple(
            m.id for m in people if m.training_year is not None and years[m.training_year] == 1
        ),
        without_grid=tuple(person.id for person in everybody if person.free is None),
        common=common,
        common_fine=common & common_fine,
    )
    notes = (*_forbidden(request, group), *_preferences(request, group, people, guides))
    return replace(group, notes=notes)


def _forbidden(request: Request, group: ProposedGroup) -> list[Note]:
    notes = []
    for member in group.members:
        for guide in group.guides:
            if (member, guide) in request.evaluators:
                notes.append(Note("evaluator_leads", people=(member, guide), blocks=True))
            elif (member, guide) in request.unknown:
                notes.append(Note("independence_unknown", people=(member, guide)))
    for place, one in enumerate(group.members):
        for other in group.members[place + 1 :]:
            if (one, other) in request.apart or (other, one) in request.apart:
                notes.append(Note("evaluator_is_member", people=(one, other), blocks=True))
    return notes


def _preferences(
    request: Request, group: ProposedGroup, members: Sequence[Member], guides: Sequence[Guide]
) -> list[Note]:
    size, band = group.size, request.size
    known_years = {year for year, _ in group.years if year is not None}
    specialties = {member.specialty for member in members if member.specialty}
    notes = []
    if size < band.least:
        notes.append(Note("too_small", {"size": size, "least": band.least}))
    if size > band.most:
        notes.append(Note("too_large", {"size": size, "most": band.most}))
    if not guides:
        notes.append(Note("no_guide"))
    if size and len(known_years) < request.years_wanted and all(m.training_year for m in members):
        notes.append(Note("few_years", {"years": len(known_years), "wanted": request.years_wanted}))
    if request.same_year_peer_wanted and group.without_peer:
        notes.append(Note("without_peer", {"count": len(group.without_peer)}, group.without_peer))
    if request.one_specialty and len(specialties) > 1:
        notes.append(Note("several_specialties", {"count": len(specialties)}))
    if size and group.common.bit_count() < request.common_wanted:
        in_the_way = _in_the_way(members, guides, group.common)
        notes.append(Note("few_half_days", {"count": group.common.bit_count()}, in_the_way))
    if group.without_grid:
        notes.append(Note("without_grid", {"count": len(group.without_grid)}, group.without_grid))
    return notes


def _in_the_way(members: Sequence[Member], guides: Sequence[Guide], common: int) -> tuple[Id, ...]:
    """Those without whom the group has most half-days in common; nobody if no single person matters."""
    people: list[Member | Guide] = [*members, *guides]
    gains = []
    for person in people:
        rest = EVERY_HALF_DAY
        for other in people:
            if other is not person and other.free is not None:
                rest &= other.free
        gains.append(rest.bit_count() - common.bit_count())
    most = max(gains, default=0)
    return tuple(person.id for person, gain in zip(people, gains, strict=True) if most and gain == most)


def _reason(puzzle: Puzzle, state: State, member: int) -> Note:
    if not puzzle.free[member]:
        return Note("never_free")
    open_groups = [group for group, is_open in enumerate(state.open) if is_open]
    if open_groups and not any(state.may_join(puzzle, member, group) for group in open_groups):
        return Note("evaluated_everywhere")
    return Note("no_place")


def _placements(request: Request, puzzle: Puzzle, state: State) -> list[Placement]:
    keys = [group.key for group in request.kept]
    keys += [None] * (len(state.members) - len(keys))
    return [
        Placement(
            tuple(request.members[member].id for member in sorted(members)),
            tuple(request.guides[guide].id for guide in state.guides[number]),
            key,
        )
        for number, (members, key) in enumerate(zip(state.members, keys, strict=True))
    ]


def _puzzle(request: Request) -> Puzzle:
    """The request in numbers: people become their place in the list, sets of people bit masks."""
    place = {member.id: number for number, member in enumerate(request.members)}
    guide_place = {guide.id: number for number, guide in enumerate(request.guides)}
    if len(place) < len(request.members) or len(guide_place) < len(request.guides):
        raise ValueError("an id occurs twice")
    kept = [group.members for group in request.kept]
    if any(member not in place for members in kept for member in members):
        raise ValueError("a kept group has a member who is not in the request")
    if any(guide not in guide_place for group in request.kept for guide in group.guides):
        raise ValueError("a kept group has a guide who is not in the request")
    specialties = {
        name: number for number, name in enumerate(dict.fromkeys(m.specialty for m in request.members))
    }
    puzzle = Puzzle(
        years=[member.training_year or 0 for member in request.members],
        specialties=[specialties[m.specialty] if m.specialty else -1 for m in request.members],
        free=[EVERY_HALF_DAY if m.free is None else m.free for m in request.members],
        fine=[EVERY_HALF_DAY if m.fine is None else m.fine for m in request.members],
        foes=[0] * len(place),
        guide_foes=[0] * len(place),
        guide_unknown=[0] * len(place),
        guide_free=[EVERY_HALF_DAY if g.free is None else g.free for g in request.guides],
        capacity=[guide.capacity for guide in request.guides],
        least=request.size.least,
        target=request.size.target,
        most=request.size.most,
        years_wanted=request.years_wanted,
        peers_wanted=request.same_year_peer_wanted,
        one_specialty=request.one_specialty,
        common_wanted=request.common_wanted,
        kept_members=[[place[member] for member in members] for members in kept],
        kept_guides=[[guide_place[guide] for guide in group.guides] for group in request.kept],
        kept_open=[group.is_open for group in request.kept],
        group_count=request.group_count,
    )
    for one, other in request.apart:
        if one in place and other in place:
            puzzle.foes[place[one]] |= 1 << place[other]
            puzzle.foes[place[other]] |= 1 << place[one]
    for pairs, masks in ((request.evaluators, puzzle.guide_foes), (request.unknown, puzzle.guide_unknown)):
        for member, guide in pairs:
            if member in place and guide in guide_place:
                masks[place[member]] |= 1 << guide_place[guide]
    return puzzle
