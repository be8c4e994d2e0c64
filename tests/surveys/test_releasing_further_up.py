"""The director's words and those of the climate, counted out like those of groups and their coordinator."""

from itertools import combinations, combinations_with_replacement, product

import pytest

from surveys.releasing import (
    DIRECTOR_PEOPLE,
    Fate,
    Partner,
    apart,
    fate,
    poolable,
    rest_was_shown,
    to_director,
)
from tests.surveys.test_releasing import certain_views, in_span


@pytest.mark.parametrize("insiders", [1, 2])
@pytest.mark.parametrize("n", [DIRECTOR_PEOPLE, DIRECTOR_PEOPLE + 1, DIRECTOR_PEOPLE + 2])
def test_what_the_director_is_shown_leaves_nobody_with_one_possible_answer(n, insiders):
    assert certain_views(n, insiders, people=n) == []


@pytest.mark.parametrize("insiders", [1, 2])
@pytest.mark.parametrize("twice", [1, 2])
def test_nor_where_some_of_them_answered_in_two_groups(twice, insiders):
    """Then only a majority counts. Each insider may be one of those who answered twice."""
    known = insiders + min(insiders, twice)
    assert certain_views(DIRECTOR_PEOPLE + twice, known, people=DIRECTOR_PEOPLE) == []


def views_of_house(programs, least: int):
    """Every set of groups that somebody is shown words of: each group, coordinator and director."""
    views, told, rest, shown_groups = [], set(), set(), 0
    for number, sizes in enumerate(programs):
        groups = {(number, place): size for place, size in enumerate(sizes)}
        mine = {name for name, size in groups.items() if fate(size, least, Partner.NONE) is Fate.RELEASE}
        left = groups.keys() - mine
        views += [{name} for name in mine]
        shown_groups += len(mine)
        pool = poolable(sum(groups[name] for name in mine), sum(groups[name] for name in left), least)
        if pool:
            views.append((mine if pool.with_told else set()) | (left if pool.with_rest else set()))
        told |= mine
        (told if rest_was_shown(pool) else rest).update(left)
    size = {(number, place): n for number, sizes in enumerate(programs) for place, n in enumerate(sizes)}
    counts = [sum(size[name] for name in part) for part in (told, rest)]
    house = to_director(*counts, groups=shown_groups, least=least)
    if house:
        views.append((told if house.with_told else set()) | (rest if house.with_rest else set()))
    return views, size, house


def too_small(views, size, least: int):
    """Sets of fewer than ``least`` people that whoever sees all ``views`` could work out."""
    atoms = sorted(name for name, n in size.items() if n)
    rows = [[int(atom in view) for atom in atoms] for view in views]
    for count in range(1, len(atoms) + 1):
        for chosen in combinations(atoms, count):
            few = sum(size[name] for name in chosen) < least
            if few and in_span(rows, [int(atom in chosen) for atom in atoms]):
                yield chosen


@pytest.mark.parametrize("least", [4, 5])
def test_no_difference_of_all_views_of_a_house_leaves_too_few(least):
    """Three programs of two groups with every size that matters; whoever sees all of it subtracts."""
    program = list(combinations_with_replacement((0, 1, least - 1, least, 7), 2))
    told = 0
    for programs in combinations_with_replacement(program, 3):
        views, size, house = views_of_house(programs, least)
        told += house is not None
        assert not list(too_small(views, size, least)), programs
    assert told, "something is shown to the director"


def test_the_solver_finds_what_a_director_would_see_without_the_rest_kept_apart():
    """Three groups of five and one of three: with the three among the others they could be subtracted."""
    views, size, _ = views_of_house([(5,), (5,), (5,), (3,)], 5)
    assert not list(too_small(views, size, 5))
    assert list(too_small([*views, set(size)], size, 5)) == [((3, 0),)]


@pytest.mark.parametrize("least", [4, 5])
def test_no_answer_about_the_climate_stands_behind_two_words_nor_behind_words_of_few(least):
    """Residents and staff of four departments: words are of different people, so each is as safe as it is alone."""
    for sizes in product(range(8), repeat=4):
        views = [set(part) for part in apart(dict(enumerate(sizes)), least)]
        assert all(not one & other for one, other in combinations(views, 2))
        assert all(sum(sizes[number] for number in view) >= least for view in views)
        assert not list(too_small(views, dict(enumerate(sizes)), least))


@pytest.mark.parametrize("insiders", [1, 2])
@pytest.mark.parametrize("n", [4, 5, 6, 7, 10])
def test_a_shown_stratum_leaves_nobody_with_one_possible_answer(n, insiders):
    assert certain_views(n, insiders, people=n) == []
