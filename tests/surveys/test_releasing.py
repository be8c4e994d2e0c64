"""Every view that the rules allow, counted out: what insiders know and what is shown leaves nobody with one answer."""

from collections import defaultdict
from fractions import Fraction
from itertools import combinations, combinations_with_replacement, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.releasing import (
    VALUES,
    Fate,
    Partner,
    Pooled,
    about_guides_may_be_told,
    add,
    apart,
    fate,
    median,
    poolable,
    to_director,
    word,
)

counts_of = st.tuples(*[st.integers(0, 9)] * 5)


def counted(answers):
    return tuple(sum(answer == value for answer in answers) for value in VALUES)


def certain_views(answers: int, known: int, people: int) -> list[tuple[tuple[int, ...], str, set[int]]]:
    """The views in which ``known`` of the answers, given by insiders, leave one single value for some other answer.

    The other answers stand in no order, so what is possible for one of them is possible for each.
    """
    others = list(combinations_with_replacement(VALUES, answers - known))
    found = []
    for insiders in combinations_with_replacement(VALUES, known):
        possible = defaultdict(set)
        for rest in others:
            possible[word(counted(insiders + rest), people=people)] |= set(rest)
        found += [(insiders, said, values) for said, values in possible.items() if len(values) < 2]
    return found


@pytest.mark.parametrize("insiders", [1, 2])
@pytest.mark.parametrize("n", [4, 5, 6, 7, 8, 9])
def test_a_shown_window_leaves_nobody_with_one_possible_answer(n, insiders):
    assert certain_views(n, insiders, people=n) == []


def test_four_answers_by_their_median_would_give_people_away():
    def certain(insiders):
        possible = defaultdict(set)
        for rest in combinations_with_replacement(VALUES, 2):
            middle = median(counted(insiders + rest))
            possible["good" if middle >= 3.5 else "attention" if middle <= 2.5 else "mixed"] |= set(rest)
        return sum(len(values) < 2 for values in possible.values()), len(possible)

    views = [certain(insiders) for insiders in combinations_with_replacement(VALUES, 2)]

    assert (sum(one for one, _ in views), sum(all_ for _, all_ in views)) == (6, 43)


def pairs(least: int):
    """Every way in which two windows with fewer than ``least`` answers come to ``least`` people or more."""
    for first, second in product(range(least), repeat=2):
        for people in range(max(first, second, least), first + second + 1):
            yield first + second, people


@pytest.mark.parametrize("least", [4, 5])
def test_a_shown_pair_leaves_nobody_with_one_possible_answer_though_insiders_answered_twice(least):
    for answers, people in sorted(set(pairs(least))):
        twice = min(2, answers - people)
        for known in range(1, 3 + twice):
            assert certain_views(answers, known, people) == [], (answers, people, known)


def test_a_pair_by_its_median_would_give_people_away():
    """Two insiders answered 5 twice; a median of 3 would say that the other four answers are all 1."""
    assert median(counted((5, 5, 5, 5, 1, 1, 1, 1))) == 3
    others = (rest for rest in combinations_with_replacement(VALUES, 4) if rest != (1, 1, 1, 1))
    assert all(median(counted((5, 5, 5, 5, *rest))) != 3 for rest in others)


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        ((4, 4, 4, 1), "good"),
        ((4, 4, 3, 3), "mixed"),
        ((2, 2, 1, 5), "attention"),
        ((4, 4, 4, 1, 1), "good"),
        ((3, 3, 3, 5, 5), "mixed"),
        ((2, 2, 2, 5, 5), "attention"),
        ((3, 3, 3, 4, 4, 4), "good"),
        ((2, 2, 2, 3, 3, 3), "attention"),
        ((5, 5, 5, 5, 5), "good"),
    ],
)
def test_words(answers, said):
    assert word(counted(answers), people=len(answers)) == said


@given(counts_of.filter(lambda counts: sum(counts) >= 4))
def test_a_reversed_question_says_the_opposite(counts):
    opposite = {"good": "attention", "mixed": "mixed", "attention": "good"}
    people = sum(counts)

    assert word(counts, people=people, reverse=True) == opposite[word(counts, people=people)]


@given(counts_of, counts_of)
def test_adding_keeps_every_answer(one, other):
    assert sum(add(one, other)) == sum(one) + sum(other)
    assert add(one, other) == add(other, one)


# Closing


def test_enough_answers_are_shown_alone():
    assert {fate(5, 5, partner) for partner in Partner} == {Fate.RELEASE}


def test_too_few_wait_for_their_pair_and_are_shown_with_it_only_if_it_was_not():
    assert fate(4, 5, Partner.TO_COME) is Fate.WAIT
    assert fate(4, 5, Partner.WAITING, together=5) is Fate.RELEASE_PAIR
    assert fate(4, 5, Partner.WAITING, together=4) is Fate.DESTROY
    assert fate(4, 5, Partner.RELEASED, together=9) is Fate.DESTROY
    assert fate(4, 5, Partner.DESTROYED, together=9) is Fate.DESTROY
    assert fate(4, 5, Partner.NONE) is Fate.DESTROY


@pytest.mark.parametrize("least", [0, 1, 3])
def test_no_setting_shows_fewer_than_four(least):
    assert fate(3, least, Partner.NONE) is Fate.DESTROY
    assert poolable(3, 0, least) is None
    assert poolable(5, 3, least).people == 5


@pytest.mark.parametrize(
    ("told", "rest", "pooled"),
    [
        (5, 0, Pooled(True, False, 5)),
        (4, 0, None),
        (0, 5, Pooled(False, True, 5)),
        (0, 4, None),
        (4, 4, None),
        (5, 4, Pooled(True, False, 5)),
        (5, 5, Pooled(True, True, 10)),
        (1, 5, Pooled(True, True, 6)),
    ],
)
def test_a_pool_uses_what_is_enough_by_itself_and_no_less(told, rest, pooled):
    assert poolable(told, rest, 5) == pooled


def test_the_director_sees_ten_people_of_three_groups_or_nothing():
    assert to_director(10, 0, groups=3, least=5)
    assert to_director(9, 0, groups=3, least=5) is None
    assert to_director(10, 0, groups=2, least=5) is None


def test_questions_about_the_guide_take_three_guides():
    assert about_guides_may_be_told(["a", "b", "c"])
    assert not about_guides_may_be_told(["a", "b", "b"])


# Differencing: over all that may be seen, nobody can subtract down to fewer than the rules allow.


def views_of_group(first: int, second: int, together: int, least: int):
    """Sets of windows shown to one group, with what its part in the pool is: told windows, and the rest."""
    one = fate(first, least, Partner.TO_COME)
    partner = Partner.RELEASED if one is Fate.RELEASE else Partner.WAITING
    two = fate(second, least, partner, together)
    if two is Fate.RELEASE_PAIR:
        return [{1, 2}], {1, 2}, set()
    shown = [{number} for number, found in ((1, one), (2, two)) if found is Fate.RELEASE]
    return shown, set().union(*shown), {1, 2} - set().union(*shown)


def in_span(rows, target) -> bool:
    """Whether ``target`` is a sum of multiples of ``rows``, exactly."""

    def rank(matrix):
        matrix, found = [list(map(Fraction, row)) for row in matrix], 0
        for column in range(len(target)):
            pivot = next((i for i in range(found, len(matrix)) if matrix[i][column]), None)
            if pivot is None:
                continue
            matrix[found], matrix[pivot] = matrix[pivot], matrix[found]
            for i in range(found + 1, len(matrix)):
                factor = matrix[i][column] / matrix[found][column]
                matrix[i] = [a - factor * b for a, b in zip(matrix[i], matrix[found], strict=True)]
            found += 1
        return found

    return rank(rows) == rank([*rows, target])


def too_small(groups, least: int):
    """Sets of windows of fewer than ``least`` people that somebody who sees every view could work out."""
    size, people, views, told, rest = {}, {}, [], set(), set()
    for name, (first, second, together) in enumerate(groups):
        size |= {(name, 1): first, (name, 2): second}
        people[name] = together
        shown, mine, left = views_of_group(first, second, together, least)
        views += [{(name, number) for number in view} for view in shown]
        told |= {(name, number) for number in mine}
        rest |= {(name, number) for number in left}

    def persons(windows):
        by_group = defaultdict(list)
        for window in windows:
            by_group[window[0]].append(size[window])
        return sum(people[g] if len(found) == 2 else found[0] for g, found in by_group.items())

    pool = poolable(persons(told), persons(rest), least)
    if pool:
        views.append((told if pool.with_told else set()) | (rest if pool.with_rest else set()))
    atoms = sorted(window for window in size if size[window])
    rows = [[int(atom in view) for atom in atoms] for view in views]
    for count in range(1, len(atoms) + 1):
        for chosen in combinations(atoms, count):
            if persons(chosen) < least and in_span(rows, [int(atom in chosen) for atom in atoms]):
                yield chosen


@pytest.mark.parametrize("least", [4, 5])
def test_no_difference_of_views_leaves_too_few(least):
    """Two groups, with every number of answers that matters, in the first session, the second and both."""
    numbers = (0, 1, least - 1, least, 7)
    group = [
        (first, second, together)
        for first, second in product(numbers, repeat=2)
        for together in sorted(
            {max(first, second), min(first + second, 7), min(max(first, second) + 1, first + second, 7)}
        )
    ]
    for groups in combinations_with_replacement(group, 2):
        assert not list(too_small(groups, least)), groups


@pytest.mark.parametrize("least", [4, 5])
def test_no_difference_of_views_of_four_groups_leaves_too_few(least):
    for sizes in combinations_with_replacement(range(8), 4):
        assert not list(too_small([(n, 0, n) for n in sizes], least)), sizes


def test_the_solver_finds_a_difference_that_the_rules_forbid():
    rows = [[1, 1, 0], [1, 1, 1]]
    assert in_span(rows, [0, 0, 1])
    assert not in_span(rows, [1, 0, 0])


def test_pools_of_programs_for_the_director_leave_nobody_alone_either():
    """Each program's pool was shown or not; whoever subtracts all shown ones is left with none or enough."""
    for sizes in product(range(8), repeat=4):
        told, rest = sum(n for n in sizes if n >= 5), sum(n for n in sizes if n < 5)
        found = to_director(told, rest, groups=3, least=5)
        assert found is None or (found.people - told == 0) or found.people - told >= 5


def test_a_department_of_which_nobody_answered_is_not_named_among_the_small_ones():
    assert apart({"East": 2, "West": 3, "South": 0, "North": 6}, 5) == [["North"], ["East", "West"]]
