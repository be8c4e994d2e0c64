"""What remains after something left a group and was repaired: a flag, held down until the group trusts again."""

import datetime as dt
from dataclasses import replace

import pytest
import time_machine
from django.urls import reverse

import catalogue
from checklist.assessing import assess, group_in, group_inputs, member_inputs
from checklist.reading import ask, ask_of_many, read
from checklist.released import after_repair
from checklist.rows import RepairRow
from checklist.scoring import LEAK
from concerns.models import LeakReport
from surveys.models import Pool, Result, Window
from tests.access.test_access import signed_in
from tests.access.world import House
from tests.checklist.by_hand import group
from tests.checklist.test_scoring_whole import GOOD_FACTS, good, intervision

TRUST = "min-stays-in-group"
REPAIRED = dt.date(2026, 12, 1)
NOON = dt.datetime(2026, 12, 20, 12, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)
stored = pytest.mark.django_db


def test_until_the_group_trusts_again_the_score_stays_held_down():
    result = intervision(replace(good(), after_repair="awaits"))

    assert [(flag.item.key, flag.critical, flag.repaired) for flag in result.flags] == [(LEAK, "hard", True)]
    assert (result.shown, result.limited_by, result.limiting) == (35, "hard", ("safety",))
    assert result.range[1].down_to_five() == 35
    assert result.items[LEAK].score == 1


def test_once_the_group_trusts_again_nothing_is_held_down_and_it_stays_noted():
    result, before = intervision(replace(good(), after_repair="restored")), intervision(good())

    assert (result.flags, result.overall, result.range) == ((), before.overall, before.range)
    assert (result.after_repair, before.after_repair) == ("restored", "")


def test_a_leak_that_is_not_repaired_is_one_flag_beside_an_earlier_repair():
    leaking = replace(good(), facts={**GOOD_FACTS, "confidentiality_incidents": 1}, after_repair="awaits")

    assert [flag.repaired for flag in intervision(leaking).flags] == [False]


def test_every_repair_must_be_trusted_again_by_whoever_reads():
    own, pooled, nobody = RepairRow(True, False), RepairRow(False, True), RepairRow()
    one = group("g1", repairs=(own,))

    assert (after_repair([one], own=True), after_repair([one])) == ("restored", "awaits")
    assert after_repair([group("g1", repairs=(pooled,))]) == "restored"
    assert after_repair([one, group("g2", repairs=(nobody,))], own=True) == "awaits"
    assert after_repair([group("g1")]) == ""


@pytest.fixture
def house():
    with time_machine.travel(NOON, tick=False):
        house = House()
        house.report = LeakReport.objects.create(
            group=house.group, kind="outside", state="repaired", repairs=["told"], since_on=REPAIRED
        )
        yield house


def told(house, word, *, opens=REPAIRED + DAY, pooled=False, at=NOON, item=TRUST):
    """The group, or the coordinator, was shown ``word`` of questions that opened on the day ``opens``."""
    opens_at = dt.datetime.combine(opens, dt.time(9), dt.UTC)
    whose = None if pooled else house.group
    result = Result.objects.create(
        program=house.program,
        group=whose,
        kind="midway",
        words={item: word},
        people_at_least=5,
        released_at=at,
    )
    window = Window(
        group=house.group, kind="midway", about_id=result.pk, questions=[], opens_at=opens_at, closes_at=at
    )
    if pooled:
        number = Pool.objects.count() + 1
        window.pool = Pool.objects.create(
            program=house.program, kind="midway", slot=number, questions=[], closes_at=at, state="released",
            result=result,
        )  # fmt: skip
        window.state = "destroyed"
    else:
        window.state, window.result = "released", result
    window.save()


def states(house):
    """What guide and coordinator are told of it."""
    reading = read(house.program, NOON)
    own = group_inputs(reading, group_in(reading, house.group.pk), own_guide=True)
    return own.after_repair, assess(house.program, NOON).inputs.after_repair


@stored
def test_without_an_answer_since_the_repair_it_waits(house):
    assert states(house) == ("awaits", "awaits")


@stored
@pytest.mark.parametrize("word", ["mixed", "attention"])
def test_a_word_that_is_not_good_leaves_it_as_it_is(house, word):
    told(house, word)
    told(house, word, pooled=True)

    assert states(house) == ("awaits", "awaits")


@stored
def test_the_guide_reads_the_groups_word_and_the_coordinator_the_pooled_one(house):
    told(house, "good")
    assert states(house) == ("restored", "awaits")
    told(house, "good", pooled=True)
    assert states(house) == ("restored", "restored")


@stored
def test_answers_from_before_the_repair_or_to_other_questions_say_nothing(house):
    for pooled in (False, True):
        told(house, "good", opens=REPAIRED, pooled=pooled)
    assert states(house) == ("awaits", "awaits")
    for pooled in (False, True):
        told(house, "good", pooled=pooled, item="min-safety-felt")
    assert states(house) == ("awaits", "awaits")


@stored
def test_the_last_word_counts(house):
    for pooled in (False, True):
        told(house, "good", pooled=pooled, at=NOON - DAY, opens=REPAIRED + DAY)
    Window.objects.update(kind="first")
    for pooled in (False, True):
        told(house, "attention", pooled=pooled)

    assert states(house) == ("awaits", "awaits")


@stored
@pytest.mark.parametrize("state", ["reported", "looking", "not_confirmed", "confirmed"])
def test_what_was_not_repaired_leaves_no_such_note(house, state):
    LeakReport.objects.update(state=state)
    assert states(house) == ("", "")


@stored
def test_members_are_not_told_that_there_was_a_report(house):
    reading = read(house.program, NOON)
    assert member_inputs(reading, group_in(reading, house.group.pk)).after_repair == ""
    page = signed_in(house.resident).get(reverse("checklist:group", args=[house.group.pk]))
    assert "It was repaired" not in page.content.decode()


@stored
def test_the_coordinators_pages_say_where_it_stands(house):
    client, page = signed_in(house.coordinator), reverse("checklist:program", args=[house.program.pk])
    waiting = client.get(page).content.decode()
    told(house, "good", pooled=True)
    restored = client.get(page).content.decode()

    assert "whether trust is back, members say in the next questions" in waiting
    assert "Resolve, replace or pause" not in waiting
    assert "Members said since that what is said stays in the group" in restored
    assert client.get(reverse("checklist:next", args=[house.program.pk])).status_code == 200


@stored
def test_many_programs_are_asked_the_same_as_one(house):
    assert ask_of_many([house.program], NOON)[house.program.pk] == ask(house.program, NOON)
    assert catalogue.load().items[LEAK].critical == "hard"
