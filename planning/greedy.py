"""The first draft: how many groups, who leads them, and everybody where it costs least just then."""

from planning.puzzle import UNPLACED, Puzzle, State


def draft(puzzle: Puzzle) -> State:
    """Place the hardest people first; who fits nowhere stays unplaced for the annealing to try."""
    state = _empty(puzzle)
    _keep(puzzle, state)
    _assign_guides(puzzle, state)
    state.weigh_all(puzzle)
    hardest_first = sorted(state.movable, key=lambda member: _room_to_choose(puzzle, member))
    for member in hardest_first:
        _place(puzzle, state, member)
    state.weigh_all(puzzle)
    return state


def _room_to_choose(puzzle: Puzzle, member: int) -> tuple[int, int, int]:
    enemies = puzzle.guide_foes[member].bit_count() + puzzle.foes[member].bit_count()
    return -enemies, puzzle.free[member].bit_count(), member


def group_count(puzzle: Puzzle, people: int) -> int:
    """How many new groups serve ``people`` best: sizes inside the band first, then near the target.

    Groups that nobody could lead are avoided where the band allows fewer.
    """
    if people <= 0:
        return 0
    places = sum(puzzle.capacity) - sum(len(guides) for guides in puzzle.kept_guides)

    def badness(count: int) -> tuple[int, int, float]:
        small, large = people // count, -(-people // count)
        outside = max(0, puzzle.least - small) + 10 * max(0, large - puzzle.most)
        without_guide = max(0, count - places) if places > 0 else 0
        return outside, without_guide, abs(people / count - puzzle.target)

    most = max(1, people // max(1, puzzle.least), -(-people // max(1, puzzle.most)))
    return min(range(1, most + 1), key=badness)


def _empty(puzzle: Puzzle) -> State:
    kept = len(puzzle.kept_members)
    held = {member for members in puzzle.kept_members for member in members}
    room = sum(
        max(0, puzzle.target - len(members))
        for members, is_open in zip(puzzle.kept_members, puzzle.kept_open, strict=True)
        if is_open
    )
    waiting = sum(1 for member in range(puzzle.size) if member not in held and puzzle.free[member])
    new = group_count(puzzle, waiting - room) if puzzle.group_count is None else puzzle.group_count - kept
    count = kept + max(0, new)
    return State(
        group_of=[UNPLACED] * puzzle.size,
        members=[[] for _ in range(count)],
        guides=[[] for _ in range(count)],
        guide_masks=[0] * count,
        movable=[],
        fixed_guides=[number < kept and bool(puzzle.kept_guides[number]) for number in range(count)],
        open=[True] * count,
        masks=[0] * count,
    )


def _keep(puzzle: Puzzle, state: State) -> None:
    """Put everybody of the kept groups back, except where two people may not meet."""
    for group, (members, guides) in enumerate(zip(puzzle.kept_members, puzzle.kept_guides, strict=True)):
        state.lead(group, list(guides))
        for member in members:
            if state.group_of[member] == UNPLACED and state.may_join(puzzle, member, group):
                state.put(member, group)
    state.movable = [
        member for member in range(puzzle.size) if state.group_of[member] == UNPLACED and puzzle.free[member]
    ]
    state.open[: len(puzzle.kept_open)] = puzzle.kept_open


def _assign_guides(puzzle: Puzzle, state: State) -> None:
    """One guide for each group that has none, everybody once before anybody twice."""
    load = [0] * len(puzzle.capacity)
    for guides in state.guides:
        for guide in guides:
            load[guide] += 1
    for group, guides in enumerate(state.guides):
        allowed = [
            guide
            for guide, most in enumerate(puzzle.capacity)
            if load[guide] < most and not any(puzzle.guide_foes[m] >> guide & 1 for m in state.members[group])
        ]
        if guides or not allowed:
            continue
        guide = min(allowed, key=lambda g: (load[g], sum(foes >> g & 1 for foes in puzzle.guide_foes), g))
        load[guide] += 1
        state.lead(group, [guide])


def _place(puzzle: Puzzle, state: State, member: int) -> None:
    def added(group: int) -> int:
        return puzzle.cost_of([*state.members[group], member], state.guides[group]) - state.costs[group]

    groups = [
        group
        for group, people in enumerate(state.members)
        if len(people) < puzzle.most and state.may_join(puzzle, member, group)
    ]
    if groups:
        group = min(groups, key=lambda g: (added(g), g))
        state.costs[group] += added(group)
        state.put(member, group)
