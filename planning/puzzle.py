"""Groups as numbers: the state that the draft and the annealing change, and what it costs."""

from dataclasses import dataclass, field

from planning.half_days import EVERY_HALF_DAY

UNPLACED = -1

# Points; only their order of size matters. Ours: the papers give preferences, not weights.
NOT_PLACED = 100
OUTSIDE_BAND = 40  # for each person too many or too few
NO_COMMON_HALF_DAY = 30  # for each one short of what is wanted
YEAR_MISSING = 10
OTHER_SPECIALTY = 8  # for each member outside the largest discipline
WITHOUT_PEER = 4
FEW_COMMON_HALF_DAYS = 2  # for each one short of COMFORTABLE
NOTHING_FINE_FOR_ALL = 2
OFF_TARGET = 1
NOT_YET_KNOWN = 1  # for each pair of whom nobody said whether they are independent
COMFORTABLE = 3


@dataclass(slots=True)
class Puzzle:
    """A request in numbers. Year 0 and specialty -1 are not known; pairs are bit masks of places."""

    years: list[int]
    specialties: list[int]
    free: list[int]
    fine: list[int]
    foes: list[int]
    guide_foes: list[int]
    guide_unknown: list[int]
    guide_free: list[int]
    capacity: list[int]
    least: int
    target: int
    most: int
    years_wanted: int
    peers_wanted: bool
    one_specialty: bool
    common_wanted: int
    kept_members: list[list[int]]
    kept_guides: list[list[int]]
    kept_open: list[bool]
    group_count: int | None

    @property
    def size(self) -> int:
        return len(self.years)

    def cost_of(self, members: list[int], guides: list[int]) -> int:
        """The points of one group; 0 is a group without anything to remark."""
        free = fine = EVERY_HALF_DAY
        guide_mask = unknown = 0
        for guide in guides:
            free &= self.guide_free[guide]
            guide_mask |= 1 << guide
        years: dict[int, int] = {}
        for member in members:
            free &= self.free[member]
            fine &= self.fine[member]
            unknown += (self.guide_unknown[member] & guide_mask).bit_count()
            year = self.years[member]
            years[year] = years.get(year, 0) + 1
        cost = self._size_cost(len(members)) + unknown * NOT_YET_KNOWN
        if not members:
            return cost
        common = free.bit_count()
        cost += max(0, self.common_wanted - common) * NO_COMMON_HALF_DAY
        cost += max(0, COMFORTABLE - common) * FEW_COMMON_HALF_DAYS
        if not free & fine:
            cost += NOTHING_FINE_FOR_ALL
        return cost + self._mix_cost(members, years)

    def _size_cost(self, size: int) -> int:
        outside = max(0, self.least - size, size - self.most)
        return outside * OUTSIDE_BAND + abs(size - self.target) * OFF_TARGET

    def _mix_cost(self, members: list[int], years: dict[int, int]) -> int:
        cost = 0
        not_known = years.pop(0, 0)
        if len(years) < self.years_wanted:
            cost += max(0, self.years_wanted - len(years) - not_known) * YEAR_MISSING
        if self.peers_wanted:
            cost += list(years.values()).count(1) * WITHOUT_PEER
        if self.one_specialty:
            known = [self.specialties[m] for m in members if self.specialties[m] >= 0]
            cost += (len(known) - max(map(known.count, known), default=0)) * OTHER_SPECIALTY
        return cost


@dataclass(slots=True)
class State:
    """Who is where now. ``costs`` and ``masks`` follow ``members``; ``cost`` is the sum."""

    group_of: list[int]
    members: list[list[int]]
    guides: list[list[int]]
    guide_masks: list[int]
    movable: list[int]
    fixed_guides: list[bool]
    open: list[bool]
    masks: list[int] = field(default_factory=list)
    costs: list[int] = field(default_factory=list)
    cost: int = 0

    def may_join(self, puzzle: Puzzle, member: int, group: int, *, instead_of: int = 0) -> bool:
        """Whether nobody in ``group`` is forbidden for ``member``; ``instead_of`` is a mask of leavers."""
        if puzzle.guide_foes[member] & self.guide_masks[group]:
            return False
        return self.open[group] and not puzzle.foes[member] & self.masks[group] & ~instead_of

    def put(self, member: int, group: int) -> None:
        """Move ``member`` to ``group`` or to UNPLACED, leaving the costs to the caller."""
        before = self.group_of[member]
        if before != UNPLACED:
            self.members[before].remove(member)
            self.masks[before] &= ~(1 << member)
        self.group_of[member] = group
        if group != UNPLACED:
            self.members[group].append(member)
            self.masks[group] |= 1 << member

    def lead(self, group: int, guides: list[int]) -> None:
        self.guides[group] = guides
        self.guide_masks[group] = sum(1 << guide for guide in guides)

    def weigh_all(self, puzzle: Puzzle) -> None:
        self.costs = [
            puzzle.cost_of(people, guides) for people, guides in zip(self.members, self.guides, strict=True)
        ]
        self.cost = sum(self.costs) + NOT_PLACED * self.group_of.count(UNPLACED)
