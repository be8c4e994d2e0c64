"""Scores are kept every night and at each move: only what changed, nothing twice, nothing missing."""

import datetime as dt
import subprocess
import sys
from time import monotonic

import pytest
import time_machine
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.urls import reverse
from django.utils.timezone import now

import catalogue
from checklist import keeping
from checklist.assessing import assess
from checklist.models import Declaration, Snapshot, SnapshotRun
from checklist.rules import can_see_nights
from checklist.tasks import keep_scores
from programs.models import Program, StageChange
from surveys.models import Result
from tests.checklist.stored import PLANNED_AT, by_the_book, evening_booster
from tests.factories.accounts import AppointmentFactory
from tests.factories.programs import GroupFactory, MembershipFactory, ProgramFactory

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)
SOON = 60.0


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(PLANNED_AT, tick=False) as traveller:
        yield traveller


def keep() -> int:
    return keeping.keep_due(until=monotonic() + SOON)


def of_program(program: Program) -> list[Snapshot]:
    rows = Snapshot.objects.filter(program=program, group=None)
    return list(rows.order_by("taken_at"))


def test_a_night_keeps_the_whole_score_of_each_program_and_group_unrounded():
    program = evening_booster()

    assert keep() == 3

    whole = of_program(program)[0]
    assert whole.catalogue_version == catalogue.load().version
    assert whole.content["stage"] == "draft"
    assert set(whole.content) >= {
        "items",
        "factors",
        "layers",
        "coverage",
        "overall",
        "range",
        "flags",
        "status",
    }
    assert whole.content["items"]["prep-group-size"] == 0.0
    assert whole.content["layers"]["preparation"] == pytest.approx(
        float(assess(program, PLANNED_AT).score.layers["preparation"].score)
    )
    group = program.groups.get().pk
    audiences = Snapshot.objects.filter(group=group).order_by("audience").values_list("audience", flat=True)
    assert list(audiences) == ["coordinator", "group"]


def test_a_night_is_scored_once_and_the_next_keeps_only_what_changed(clock):
    program, other = by_the_book(), evening_booster()
    keep()

    assert keep() == 0
    clock.shift(DAY)
    assert keep() == 0
    Declaration.objects.create(program=program, item="min-help-route", answer="yes")
    clock.shift(DAY)
    assert keep() == 3

    assert [one.taken_at for one in of_program(program)] == [PLANNED_AT, PLANNED_AT + 2 * DAY]
    assert len(of_program(other)) == 1
    assert [(run.done, run.total, run.written) for run in SnapshotRun.objects.all()] == [
        (2, 2, 3), (2, 2, 0), (2, 2, 6),
    ]  # fmt: skip
    assert all(run.finished_at for run in SnapshotRun.objects.all())


def test_before_the_night_begins_nothing_is_scored(clock):
    by_the_book()
    clock.move_to(PLANNED_AT.replace(hour=0, minute=59))

    assert keep() == 0
    assert not SnapshotRun.objects.exists()


def test_a_move_to_another_stage_is_kept_at_once_and_once(clock):
    program = by_the_book()
    keep()
    move = StageChange.objects.create(program=program, from_stage="draft", to_stage="recruiting")
    Program.objects.filter(pk=program.pk).update(stage="recruiting")

    keep_scores()
    keep_scores()

    assert [(one.move, one.content["stage"]) for one in of_program(program)] == [
        (None, "draft"),
        (move, "recruiting"),
    ]


def test_a_move_that_nobody_followed_for_a_day_is_not_followed(clock):
    program = by_the_book()
    StageChange.objects.create(
        program=program, from_stage="draft", to_stage="recruiting", created_at=PLANNED_AT - DAY
    )

    assert keeping.follow_moves(at=PLANNED_AT) == 0


def test_programs_that_were_cancelled_or_ended_long_ago_are_left_alone():
    ProgramFactory(stage="cancelled")
    long_ago, lately = ProgramFactory(stage="completed"), ProgramFactory(stage="completed")
    for program, days in ((long_ago, 91), (lately, 89)):
        StageChange.objects.create(
            program=program, from_stage="running", to_stage="completed", created_at=PLANNED_AT - days * DAY
        )

    assert list(keeping.scored(PLANNED_AT)) == [lately]


def test_a_snapshot_holds_only_what_its_audience_was_shown():
    program = by_the_book()
    Program.objects.filter(pk=program.pk).update(stage="running")
    group, other = program.groups.get(), GroupFactory(program=program)
    told = {"program": program, "kind": "midway", "people_at_least": 5, "released_at": PLANNED_AT}
    Result.objects.create(group=group, words={"min-safety-felt": "attention"}, **told)
    Result.objects.create(group=None, words={"min-depth-felt": "good"}, **told)

    keep()

    def answered(audience, of):
        row = Snapshot.objects.get(program=program, audience=audience, group=of)
        items = row.content["items"]
        return row.windows, items["min-safety-felt"], items["min-depth-felt"]

    assert answered("coordinator", None) == (1, "unknown", 0.8)
    assert answered("coordinator", group.pk) == (0, "unknown", "unknown")
    assert answered("coordinator", other.pk) == (0, "unknown", "unknown")
    assert answered("group", group.pk) == (1, 0.2, "unknown")
    assert answered("group", other.pk) == (0, "unknown", "unknown")


def test_one_program_that_cannot_be_scored_keeps_no_other_from_it(caplog):
    good, bad = by_the_book(), by_the_book()
    Program.objects.filter(pk=bad.pk).update(format="yoga")

    assert keep() == 3

    run = SnapshotRun.objects.get()
    assert (run.done, run.failed) == (2, 1)
    assert of_program(good)
    assert not of_program(bad)


@pytest.mark.parametrize("size", [1, keeping.BATCH])
def test_a_batch_asks_the_same_few_questions_for_one_program_and_for_ten(size, django_assert_num_queries):
    for _number in range(size):
        for _group in range(2):
            MembershipFactory(group=GroupFactory(program=ProgramFactory()))
    run = SnapshotRun.objects.create(night=PLANNED_AT.date(), began_at=now(), total=size)

    # The run, its programs, all that is stored of them, the last snapshots, the new ones, the run; a savepoint.
    with django_assert_num_queries(8):
        keeping.go_on(run)


def test_an_administrator_sees_how_far_a_night_is_and_what_each_kept(client):
    appointment = AppointmentFactory(role="administrator")
    client.force_login(appointment.user)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    assert "No night yet." in client.get(reverse("checklist:nights")).content.decode()
    values = {"began_at": PLANNED_AT, "total": 30}
    SnapshotRun.objects.create(night=PLANNED_AT.date(), done=10, **values)
    over = {"finished_at": PLANNED_AT, "done": 30, "failed": 2, "written": 7}
    SnapshotRun.objects.create(night=PLANNED_AT.date() - DAY, **values, **over)

    shown = client.get(reverse("checklist:nights")).content.decode()

    assert "<progress" in shown
    assert "10 of 30" in shown
    assert "2 programs could not be scored." in shown


def test_nights_are_seen_in_the_house_that_one_administers_and_in_none_without_a_house():
    mine, elsewhere = AppointmentFactory(role="administrator"), AppointmentFactory(role="administrator")

    seen = [can_see_nights(mine.user, house) for house in (mine.institution, elsewhere.institution, None)]

    assert seen == [True, False, False]


def test_the_command_keeps_them_without_a_broker(capsys):
    by_the_book()

    call_command("keep_scores")
    call_command("keep_scores")

    assert capsys.readouterr().out == "3 snapshots kept\n0 snapshots kept\n"


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_however_often_a_worker_is_killed_nothing_is_kept_twice_and_nothing_is_missing():
    programs = [MembershipFactory(group=GroupFactory()).program for _number in range(keeping.BATCH + 3)]
    StageChange.objects.create(program=programs[0], from_stage="draft", to_stage="recruiting")

    killed = [keeper(before) for before in (2, 5, 8, 13, 8, 6, 4)]
    stopped_at = SnapshotRun.objects.get().done
    alive = keeper(0)

    assert (set(killed), stopped_at, alive) == ({-9}, keeping.BATCH, 0)
    run = SnapshotRun.objects.get()
    assert run.finished_at
    assert (run.done, run.total) == (len(programs), len(programs))
    rows = list(Snapshot.objects.values_list("program", "group", "audience", "run", "digest"))
    expected, _failed = keeping.take(programs, PLANNED_AT)
    at_night = {one.scope: one.digest for one in expected if one.scope[0] != programs[0].pk}
    assert {
        (program, group, audience): digest for program, group, audience, ran, digest in rows if ran
    } == at_night
    assert len(rows) == len(at_night) + 3
    assert run.written == len(at_night)


def keeper(before: int) -> int:
    """The end of a process that keeps scores and dies before that statement."""
    arguments = [connection.settings_dict["NAME"], PLANNED_AT.isoformat(), str(before)]
    return subprocess.run(
        [sys.executable, "-m", "tests.checklist.keeper", *arguments], timeout=300
    ).returncode
