"""What a director is told stands still for half a year, and then moves only by three groups and ten people or more."""

import datetime as dt
import json
import re
import threading

import pytest
import time_machine
import typst
from django.db import connection
from django.urls import reverse

from checklist import picture, tasks
from checklist.models import HousePicture, Snapshot, SnapshotRun
from intervision import clock
from programs.models import Membership, Program
from tests.checklist.test_pooling import BEFORE, NOW, a_program, keep, rings
from tests.factories.accounts import AppointmentFactory, InstitutionFactory
from tests.factories.programs import GroupFactory, MembershipFactory
from tests.factories.sessions import GroupSessionFactory

pytestmark = pytest.mark.django_db
LATER, DAY = dt.datetime(2027, 7, 2, 9, tzinfo=dt.UTC), dt.timedelta(days=1)
MUCH_LATER = dt.datetime(2028, 1, 2, 9, tzinfo=dt.UTC)
PAGES = ("house", "house-report", "house-csv", "house-json")


@pytest.fixture
def house():
    with time_machine.travel(NOW, tick=False):
        yield InstitutionFactory()


@pytest.fixture
def program(house):
    """Four groups of four that met once."""
    found = a_program(house, groups=4, people=4)
    keep(found, BEFORE)
    for group in found.groups.all():
        met(group)
    return found


@pytest.fixture
def reads(client, house, monkeypatch):
    """Every page and file of the director; of a PDF what is typeset."""
    monkeypatch.setattr(
        typst, "compile", lambda source, *, sys_inputs, **how: json.dumps(sys_inputs).encode()
    )
    director = AppointmentFactory(institution=house, role="director").user
    addresses = [
        reverse("desk:director"),
        *(reverse(f"checklist:{page}", args=[house.slug]) for page in PAGES),
    ]

    def read():
        picture.take_due(at=clock.now())
        client.force_login(director)
        answers = [client.get(address) for address in addresses]
        assert {answer.status_code for answer in answers} == {200}
        return [re.sub(rb'csrfmiddlewaretoken" value="[^"]*"', b"", answer.content) for answer in answers]

    return read


def met(group, interruptions=1):
    ended = clock.now() - DAY
    times = {"starts_at": ended - DAY, "ends_at": ended, "first_planned_at": ended - DAY}
    held = GroupSessionFactory(group=group, state="logged", **times)
    held.interruptions.create(kind="call", count=interruptions)


def pauses(program):
    Program.objects.filter(pk=program.pk).update(stage="paused")


def starts(program):
    new = a_program(program.institution, groups=3, people=4)
    keep(new, BEFORE, size=12)


def adds_a_group(program):
    group = GroupFactory(program=program)
    MembershipFactory.create_batch(4, group=group)
    met(group, interruptions=7)


def adds_a_member(program):
    MembershipFactory(group=program.groups.first())


def loses_a_member(program):
    Membership.objects.filter(pk=program.memberships.first().pk).update(state="left", left_on=clock.today())


def is_interrupted(program):
    met(program.groups.first(), interruptions=5)


CHANGES = [pauses, starts, adds_a_group, adds_a_member, loses_a_member, is_interrupted]


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
def test_whatever_happens_within_the_half_year_no_page_and_no_file_moves(program, reads, change):
    before = reads()

    change(program)

    assert reads() == before


def test_in_the_next_half_year_every_page_and_file_moves(program, reads):
    before = reads()
    starts(program)
    for group in Program.objects.get(pk=program.pk).groups.all():
        met(group)

    with time_machine.travel(LATER, tick=False):
        assert all(now != then for now, then in zip(reads(), before, strict=True))


def figures(house, at):
    picture.take_due(at=at)
    return {name: figure["value"] for name, figure in picture.of(house, at).content.items()}


@pytest.mark.parametrize("change", [adds_a_group, adds_a_member, loses_a_member, is_interrupted])
def test_what_one_group_added_since_is_not_told_in_the_next_half_year_either(house, program, change):
    first = figures(house, NOW)

    change(program)

    assert figures(house, LATER) == first


def test_what_three_groups_added_is_told(house, program):
    first = figures(house, NOW)

    starts(program)

    then = figures(house, LATER)
    assert first["reached:intervision"] == [4, 16]
    assert then["reached:intervision"] == [7, 28]
    assert then["met:intervision"] == first["met:intervision"], "none of them met yet"


def test_three_groups_of_fewer_than_ten_people_wait_too(house, program):
    first = figures(house, NOW)

    a_program(house, groups=3, people=3)

    assert figures(house, LATER)["reached:intervision"] == first["reached:intervision"]


def test_a_picture_is_held_against_every_earlier_one_and_not_only_the_last(house, program):
    """Three groups come and go again, and one comes in the meantime: without the picture between it stands alone."""
    first = figures(house, NOW)
    new = a_program(house, groups=3, people=4)
    between = figures(house, LATER)
    pauses(new)
    adds_a_group(program)

    assert between["reached:intervision"] == [7, 28]
    assert figures(house, MUCH_LATER)["reached:intervision"] == between["reached:intervision"] != first


def test_the_rings_wait_where_one_group_alone_is_otherwise(house, program):
    one = a_program(house, groups=1, people=4)
    keep(one, BEFORE)
    first = rings(house, NOW)
    keep(one, NOW, size=12)

    then = rings(house, LATER)

    assert then.score == first.score
    assert (then.since, then.older) == (dt.date(2027, 7, 1), {"preparation": first.since})
    assert then.until == dt.date(2028, 1, 1)


def test_a_change_in_one_condition_does_not_carry_along_what_one_group_changed_in_another(house):
    """Each group is otherwise than before, but only one in how large it is."""
    alone, *others = [a_program(house, groups=1, people=4) for _ in range(4)]
    for one in (alone, *others):
        keep(one, BEFORE, size=6)
    first = rings(house, NOW)
    keep(alone, NOW, size=12, onsite_share=0)
    for other in others:
        keep(other, NOW, size=6, onsite_share=0)

    then = rings(house, LATER)

    assert then.score.items["prep-group-size"].score == first.score.items["prep-group-size"].score == 1
    assert then.score.items["prep-onsite"].score == 0 != first.score.items["prep-onsite"].score


def test_what_one_group_of_a_program_changed_waits_like_what_one_program_did(house, program):
    first = rings(house, NOW)
    one = program.groups.first()
    keep(program, NOW, of=[one, None], size=12)

    assert rings(house, LATER).score == first.score


def test_when_everything_is_still_as_it_was_told_the_whole_says_the_earlier_day(house, program):
    first = rings(house, NOW)
    keep(a_program(house, groups=1, people=4), NOW, size=12)

    then = rings(house, LATER)

    assert (then.score, then.since, then.held, then.older) == (first.score, first.since, True, {})


def test_the_rings_move_where_enough_groups_are_otherwise(house, program):
    first = rings(house, NOW)
    keep(program, NOW, size=12)

    then = rings(house, LATER)

    assert then.score != first.score
    assert (then.since, then.held, then.older) == (dt.date(2027, 7, 1), False, {})


def test_a_layer_that_is_partly_of_an_earlier_half_year_says_so_on_page_and_in_files(house, program, reads):
    reads()
    keep(program, NOW, of=[program.groups.first(), None], size=12)

    with time_machine.travel(LATER, tick=False):
        _counts, *rings = (one.decode() for one in reads())

    assert all(
        one.count("partly as on 1 January 2027, because too few groups changed since") for one in rings
    )


def test_somebody_who_is_now_in_two_groups_is_not_told_while_no_group_grew(house, program):
    first = figures(house, NOW)
    swapped = program.groups.first().memberships.first()
    stays = program.groups.last().memberships.first().user
    Membership.objects.filter(pk=swapped.pk).update(state="left", left_on=clock.today())
    second = a_program(house, groups=0, people=0)
    MembershipFactory(group=swapped.group, program=second, user=stays)

    assert figures(house, LATER)["reached:intervision"] == first["reached:intervision"] == [4, 16]


def test_a_held_figure_says_its_own_day(house, program, reads):
    reads()
    loses_a_member(program)

    with time_machine.travel(LATER, tick=False):
        page, rings, *_files = (one.decode() for one in reads())

    assert page.count("as on") > 0
    assert "Fri 2 July 2027" in page
    assert "Mon 1 February 2027" in page.partition("<tbody")[2]
    assert "As everything stood on 1 " in rings


def test_the_minutes_work_takes_the_picture_once_for_every_house(house, program):
    other = InstitutionFactory()

    tasks.keep_scores()
    tasks.keep_scores()

    taken = HousePicture.objects.values_list("institution", "from_on")
    assert sorted(taken, key=str) == sorted(
        [(one.pk, dt.date(2027, 1, 1)) for one in (house, other)], key=str
    )
    assert picture.take_due(at=LATER) == 2


def test_a_house_that_cannot_be_told_of_keeps_no_other_from_its_picture(house, program):
    broken = InstitutionFactory()
    run = SnapshotRun.objects.get()
    other = a_program(broken, groups=3, people=4)
    Snapshot.objects.create(
        program=other, group=other.groups.first().pk, audience="coordinator", taken_at=BEFORE, run=run,
        catalogue_version="", windows=0, content={"items": []}, digest="",
    )  # fmt: skip

    assert picture.take_due(at=NOW) == 1

    assert HousePicture.objects.get().institution == house


def test_nothing_of_a_program_stands_in_what_is_shown(house, program):
    picture.take_due(at=NOW)
    shown = json.dumps(picture.of(house, NOW).content)

    assert str(program.pk) not in shown
    assert not any(str(group.pk) in shown for group in program.groups.all())


@pytest.mark.django_db(transaction=True)
def test_two_tasks_at_once_make_one_picture():
    house, found = InstitutionFactory(), []
    together = threading.Barrier(4)

    def look():
        together.wait()
        picture.take_due(at=NOW)
        found.append(picture.of(house, NOW).pk)
        connection.close()

    threads = [threading.Thread(target=look) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(found) == 4
    assert {HousePicture.objects.get().pk} == set(found)


def test_a_picture_asks_no_more_than_once_it_is_there(house, program, django_assert_num_queries):
    picture.take_due(at=NOW)
    with django_assert_num_queries(2):
        picture.rings(house, NOW)


def test_looking_makes_no_picture_and_says_that_it_is_being_made(client, house, program):
    client.force_login(AppointmentFactory(institution=house, role="director").user)
    for page in (reverse("desk:director"), reverse("checklist:house", args=[house.slug])):
        assert "being put together" in client.get(page).content.decode()

    assert picture.rings(house, NOW).score is None
    assert not HousePicture.objects.exists()
