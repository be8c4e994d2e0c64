"""The tool of ``make mutants`` works: it takes out what it says, tests notice, and everything is put back."""

import ast
from dataclasses import dataclass

import pytest
from django.urls import reverse

from tests.access.table import rows
from tests.access.test_access import VISITORS, ask, signed_in
from tests.access.world import House
from tests.mutants import places, taken_out, ways
from tests.mutants.plugin import Runner
from tests.mutants.survivors import REASONS
from tests.mutants.ways import SEEN, Seen

RULE = """
def can_read(user, text, least):
    least = max(least, 4)
    if user.guest:
        raise PermissionDenied
    rows = text.readers.current().filter(user=user, role__in=("lead", "co")).exclude(Q(a=1) | ~Q(b=2))
    return user.is_active and least > 3 or rows.exists()
"""
SQL = (
    "select 1 from a join b on a.id = b.id where (a.x = 1 or a.y = 2) and not isempty(a.z * b.z)"
    " union select 2 from c where c.x = %s"
)


def taken_out_of(source: str) -> list[str]:
    """The function's text with each change made, in order."""
    texts = []
    for number in range(len(changes_in(source)[1])):
        function, changes = changes_in(source)
        changes[number].make()
        texts.append(ast.unparse(ast.fix_missing_locations(function)))
    return texts


def changes_in(source: str) -> tuple[ast.FunctionDef, list[taken_out.Change]]:
    function = ast.parse(source).body[0]
    assert isinstance(function, ast.FunctionDef)
    return function, taken_out.changes(function, frozenset({"current"}))


def test_every_condition_of_a_rule_is_taken_out_once():
    assert [change.what for change in changes_in(RULE)[1]] == [
        "without: least = max(least, 4)",
        "never: if user.guest",
        "always: if user.guest",
        "exclude() without Q(a=1) | ~Q(b=2)",
        "filter() without user=user",
        "filter() without role__in=('lead', 'co')",
        "role__in without 'lead'",
        "role__in without 'co'",
        "without .current() in text.readers.current()",
        "without Q(a=1)",
        "without ~Q(b=2)",
        "the opposite: ~Q(b=2)",
        "always yes: user.is_active and least > 3 or rows.exists()",
        "the opposite: user.is_active and least > 3 or rows.exists()",
        "without user.is_active and least > 3",
        "without rows.exists()",
        "without user.is_active",
        "without least > 3",
        "other bound: least > 3",
    ]


def test_each_change_makes_another_function():
    texts = taken_out_of(RULE)

    assert len({*texts, ast.unparse(ast.parse(RULE))}) == len(texts) + 1


def test_no_mutant_is_what_it_was():
    assert [mutant.name for mutant in places.mutants() if is_as_it_was(mutant)] == []


def is_as_it_was(mutant: places.Mutant) -> bool:
    if mutant.kind == "decorator":
        return False
    tree = places.tree_of(mutant.place)
    before = ast.unparse(tree)
    places.changes_of(mutant.place, tree)[mutant.number].make()
    return ast.unparse(tree) == before


def test_conditions_of_sql_end_where_the_next_begins_or_a_bracket_closes():
    found = [SQL[start:end] for start, end in taken_out.conditions_of_sql(SQL)]

    assert found == ["(a.x = 1 or a.y = 2)", "a.y = 2", "not isempty(a.z * b.z)", "c.x = %s"]


def test_every_room_has_rules_to_take_something_out_of():
    assert {mutant.room for mutant in places.mutants()} == set(places.ROOMS)


def test_a_reason_is_given_for_mutants_that_are_there_only():
    assert set(REASONS) - {mutant.name for mutant in places.mutants()} == set()


#: One mutant for each room that has rules: a word of its name, and the page and visitor that show it.
SAMPLE = [
    ("accounts.rules:can_run: always yes", "accounts:people", "wrong_role"),
    ("checklist.rules:can_see_nights: always yes", "checklist:nights", "wrong_role"),
    ("concerns.rules:can_look_after: always yes", "concerns:list", "wrong_role"),
    ("desk.rules:can_see_purges: always yes", "desk:purges", "wrong_role"),
    ("outbox.models.job:JobQuerySet.visible_to: filter() without", "outbox:job", "wrong_role"),
    ("programs.rules:can_keep_rooms: always yes", "programs:rooms", "wrong_role"),
    ("sessions.rules:sees: always yes", "sessions:group", "elsewhere"),
    ("sessions.views.group:group: without @open_to_links", "sessions:group", "guide"),
    ("WindowQuerySet.visible_to: filter() without", "surveys:answer", "elsewhere"),
]


@pytest.mark.django_db
@pytest.mark.parametrize(("part", "name", "visitor"), SAMPLE)
def test_a_page_shows_what_was_taken_out_and_is_as_before_afterwards(part, name, visitor):
    here, there = House(), House()
    row = next(row for row in rows() if row.name == name)
    mutant = next(mutant for mutant in places.mutants() if part in mutant.name)
    at = row.at(here)
    as_it_is = ask(VISITORS[visitor](row, here, there), row, here, at).status_code

    with places.in_place(mutant):
        taken_away = ask(VISITORS[visitor](row, here, there), row, here, at).status_code
    afterwards = ask(VISITORS[visitor](row, here, there), row, here, at).status_code

    assert as_it_is == getattr(row, visitor) == afterwards
    assert taken_away != as_it_is


@pytest.mark.django_db
def test_a_decorator_that_was_put_around_a_page_long_ago_is_changed_too():
    resident, page = signed_in(House().resident), reverse("desk:erase")
    part = "access:still_you: always: if once_more.is_needed"
    mutant = next(mutant for mutant in places.mutants() if part in mutant.name)

    assert resident.get(page).status_code == 200
    with places.in_place(mutant):
        assert resident.get(page).status_code == 302
    assert resident.get(page).status_code == 200


@pytest.mark.django_db
def test_who_comes_by_such_a_page_comes_by_what_is_around_it():
    resident, seen = signed_in(House().resident), Seen()

    with places.noting(seen):
        resident.get(reverse("desk:erase"))

    assert {"accounts.access:still_you", "desk.views.erasing:erase"} <= seen


class Looking(Runner):
    """For each test it is given: looks at the page of a group instead."""

    house: House

    def passes(self, item):
        row = next(row for row in rows() if row.name == "sessions:group")
        return ask(signed_in(self.house.resident), row, self.house).status_code == 200


@pytest.mark.django_db
def test_a_test_comes_by_what_writes_its_questions_though_another_asked_them_before(request):
    runner = Looking([request.node, request.node])
    runner.house = House()

    runner.learn()

    assert runner.comes_by["sessions.views.find:_groups"] == [request.node, request.node]


def way_of(source: str, *values: object) -> frozenset[str]:
    """The way that the function of ``source`` goes, asked with ``values``."""
    tree, seen = ast.parse(source), Seen()
    ways.marked(tree.body[0], "here")
    module = {SEEN: seen}
    exec(compile(ast.fix_missing_locations(tree), "rule", "exec"), module)
    module[tree.body[0].name](*values)
    return seen.ways()["here"]


def test_who_meets_another_condition_goes_another_way():
    source = "def may(asks, leads):\n  if not asks:\n    return None\n  return leads and asks > 1"
    every = [(0, True), (1, True), (2, True), (2, False)]

    assert len({way_of(source, *values) for values in every}) == len(every)
    assert way_of(source, 2, True) == way_of(source, 3, True)


@dataclass(frozen=True)
class NamedTest:
    nodeid: str


def test_one_test_of_every_way_is_asked_before_a_second_of_any_unless_it_is_slow():
    mutant = places.mutants()[0]
    quick, slow, other = map(NamedTest, ("quick", "slow", "other"))
    runner = Runner([])
    runner.comes_by[mutant.place] = [slow, other, quick]
    runner.took = {quick: 0.1, slow: 0.3, other: 0.4}
    runner.way = {(mutant.place, each): frozenset() for each in (quick, slow)}
    runner.way[mutant.place, other] = frozenset({"refused"})

    assert runner.tests_for(mutant) == [quick, other, slow]
    runner.took[other] = 9
    assert runner.tests_for(mutant) == [quick, slow, other]
    runner.noticed[mutant.place][slow] += 1
    assert runner.tests_for(mutant) == [slow, quick, other]
    runner.noticed[mutant.place][other] += 1
    assert runner.tests_for(mutant) == [slow, other, quick]


def test_what_looks_at_marks_and_what_noticed_one_elsewhere_is_asked_first_about_a_mark():
    here, elsewhere, *_ = [row for row in places.of_decorators() if row.what == "without @still_you"]
    page, marks, both = map(NamedTest, ("page", "marks", "both"))
    runner = Runner([])
    runner.comes_by |= {here.place: [page, both], "marks": [marks]}
    runner.took = {page: 1, both: 2, marks: 3}

    assert runner.tests_for(here) == [marks, page, both]
    runner.noticed[elsewhere.what][both] += 1
    runner.noticed[here.place][page] += 9
    assert runner.tests_for(here) == [both, marks, page]
