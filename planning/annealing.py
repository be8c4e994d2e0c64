"""Improve a draft by simulated annealing: small random moves, worse ones accepted ever more rarely.

Bounded by a number of moves and driven by a seed, so that a plan can be made again exactly.
"""

from math import exp
from random import Random

from planning.puzzle import NOT_PLACED, UNPLACED, Puzzle, State

HOT, COLD = 12.0, 0.3
GUIDE_MOVES, SINGLE_MOVES = 0.08, 0.3


def improve(puzzle: Puzzle, state: State, *, seed: int, steps: int) -> None:
    """Change ``state`` into the best one met within ``steps`` moves, no move making a forbidden pair."""
    if not state.movable or not state.members:
        return
    random = Random(seed)  # noqa: S311 - a plan that can be repeated, nothing secret
    best, best_cost = _copy(state), state.cost
    cooling = (COLD / HOT) ** (1 / max(1, steps))
    heat = HOT
    for _ in range(steps):
        heat *= cooling
        if _move(puzzle, state, random, heat) and state.cost < best_cost:
            best, best_cost = _copy(state), state.cost
    _restore(puzzle, state, best)


def _move(puzzle: Puzzle, state: State, random: Random, heat: float) -> bool:
    """Try one move; return whether it was kept."""
    kind = random.random()
    if kind < GUIDE_MOVES:
        return _change_guide(puzzle, state, random, heat)
    if kind < SINGLE_MOVES:
        return _move_one(puzzle, state, random, heat)
    return _swap_two(puzzle, state, random, heat)


def _move_one(puzzle: Puzzle, state: State, random: Random, heat: float) -> bool:
    member = random.choice(state.movable)
    group = random.randrange(len(state.members))
    before = state.group_of[member]
    if (
        before == group
        or len(state.members[group]) >= puzzle.most
        or not state.may_join(puzzle, member, group)
    ):
        return False
    state.put(member, group)
    gained = -NOT_PLACED if before == UNPLACED else 0
    if _settle(puzzle, state, random, heat, [before, group], gained):
        return True
    state.put(member, before)
    return False


def _swap_two(puzzle: Puzzle, state: State, random: Random, heat: float) -> bool:
    one, other = random.choice(state.movable), random.choice(state.movable)
    here, there = state.group_of[one], state.group_of[other]
    if here == there:
        return False
    if there != UNPLACED and not state.may_join(puzzle, one, there, instead_of=1 << other):
        return False
    if here != UNPLACED and not state.may_join(puzzle, other, here, instead_of=1 << one):
        return False
    state.put(one, there)
    state.put(other, here)
    if _settle(puzzle, state, random, heat, [here, there], 0):
        return True
    state.put(one, here)
    state.put(other, there)
    return False


def _change_guide(puzzle: Puzzle, state: State, random: Random, heat: float) -> bool:
    """Give a group the guide of another group in exchange, or one who has capacity left."""
    group = random.randrange(len(state.members))
    guide = random.randrange(len(puzzle.capacity)) if puzzle.capacity else -1
    if guide < 0 or state.fixed_guides[group] or guide in state.guides[group]:
        return False
    leading = [number for number, guides in enumerate(state.guides) if guide in guides]
    changed = {group: [guide]}
    if len(leading) >= puzzle.capacity[guide]:
        exchange = [number for number in leading if not state.fixed_guides[number]]
        if not exchange:
            return False
        changed[random.choice(exchange)] = state.guides[group]
    if not all(_may_lead(puzzle, state, number, guides) for number, guides in changed.items()):
        return False
    before = {number: state.guides[number] for number in changed}
    for number, guides in changed.items():
        state.lead(number, guides)
    if _settle(puzzle, state, random, heat, list(changed), 0):
        return True
    for number, guides in before.items():
        state.lead(number, guides)
    return False


def _may_lead(puzzle: Puzzle, state: State, group: int, guides: list[int]) -> bool:
    mask = sum(1 << guide for guide in guides)
    return not any(puzzle.guide_foes[member] & mask for member in state.members[group])


def _settle(
    puzzle: Puzzle, state: State, random: Random, heat: float, groups: list[int], gained: int
) -> bool:
    """Weigh the changed groups anew; keep the move, or leave the costs as they were and return False."""
    costs = {g: puzzle.cost_of(state.members[g], state.guides[g]) for g in groups if g != UNPLACED}
    worse = gained + sum(cost - state.costs[g] for g, cost in costs.items())
    if worse > 0 and random.random() >= exp(-worse / heat):
        return False
    for group, cost in costs.items():
        state.costs[group] = cost
    state.cost += worse
    return True


def _copy(state: State) -> tuple[list[int], list[list[int]]]:
    return list(state.group_of), [list(guides) for guides in state.guides]


def _restore(puzzle: Puzzle, state: State, best: tuple[list[int], list[list[int]]]) -> None:
    groups, guides = best
    for member in state.movable:
        state.put(member, UNPLACED)
    for member in state.movable:
        state.put(member, groups[member])
    for number, leading in enumerate(guides):
        state.lead(number, leading)
    state.weigh_all(puzzle)
