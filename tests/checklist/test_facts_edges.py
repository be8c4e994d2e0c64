"""What must not change a fact, and what must leave it unknown: for all facts at once."""

import datetime as dt
from dataclasses import replace

import pytest
from django.db import IntegrityError, transaction

import catalogue
from checklist.assessing import assess
from checklist.facts import dates, held
from checklist.facts.whole import FACTS, facts_of
from checklist.inputs import Inputs
from checklist.rows import RoomRow
from checklist.scoring import score
from sessions.models import GroupSession
from tests.checklist.by_hand import group, guide, member, on, scope, session, took_place
from tests.checklist.stored import PLANNED_AT, by_the_book
from tests.factories.programs import GroupFactory, MembershipFactory, ProgramFactory

BEFORE = on(2026, 8, 20)
ROOM = RoomRow(True, True, False)


def rows():
    """Three members and a guide, two sessions that took place, one that was cancelled, one to come."""
    intake = {
        "slot_at": BEFORE,
        "intake_at": BEFORE,
        "intake_by": "g",
        "confirmed_at": BEFORE,
        "framed": True,
    }
    people = tuple(
        member(
            n,
            year=n,
            training_years=4,
            discipline="Surgery",
            duties_until=on(2027, 6, 1),
            goal=True,
            **intake,
        )
        for n in (1, 2, 3)
    )
    return group(
        closed=True,
        members=people,
        guides=(guide("g", kind="coach", hours=8, steering=True, confirmed_at=BEFORE),),
        sessions=(
            took_place(on(2026, 9, 1), "m1", "m2", "m3", room=ROOM, refreshments=True, interruptions=1),
            session(on(2026, 9, 22), state="cancelled", room=ROOM),
            took_place(on(2026, 10, 13), "m1", "m2", room=ROOM),
            session(on(2026, 11, 24), room=ROOM),
        ),
    )


KNOWN = facts_of(scope(rows()))


def test_these_rows_make_every_fact_known_that_rows_alone_can():
    needs_more = {"coaching_alongside", "coaching_mode", "requires_prior_error", "purpose_limits_parts"}

    assert {key for key, value in KNOWN.items() if value is None} <= needs_more | {
        "mental_health_cofacilitator"
    }


@pytest.mark.parametrize(
    "gone",
    [
        {"left_on": dt.date(2026, 8, 1)},
        {"suspended_from": dt.date(2026, 8, 1)},
        {"paused_from": dt.date(2026, 8, 1)},
    ],
    ids=["left", "suspended", "paused"],
)
def test_a_member_who_was_gone_before_the_first_session_changes_no_fact(gone):
    other = member(9, year=9, training_years=9, discipline="Nursing", clashes=frozenset({"x"}), **gone)
    row = rows()

    assert facts_of(scope(replace(row, members=(*row.members, other)))) == KNOWN


def test_a_member_who_left_later_counts_where_they_were_and_not_today():
    row = rows()
    first, *others = row.members
    left = replace(row, members=(replace(first, left_on=dt.date(2026, 10, 20)), *others))

    changed = {key for key, value in facts_of(scope(left)).items() if value != KNOWN[key]}

    # Those present that day keep their attendance; continuity is of the sessions that took place, when all were there.
    assert changed == {"group_size_planned", "training_years_distinct", "training_years_share"}


@pytest.mark.parametrize("days", [-14, 5, 14])
def test_a_session_that_moved_by_at_most_two_weeks_changes_no_fact(days):
    row = rows()
    first, *others = row.sessions
    moved = replace(first, first_planned_at=first.starts_at - dt.timedelta(days=days))

    assert facts_of(scope(replace(row, sessions=(moved, *others)))) == KNOWN


def test_a_session_that_moved_further_was_not_kept_and_nothing_else_changes():
    row = rows()
    first, *others = row.sessions
    moved = replace(first, first_planned_at=first.starts_at - dt.timedelta(days=15))

    facts = facts_of(scope(replace(row, sessions=(moved, *others))))

    assert {key for key, value in facts.items() if value != KNOWN[key]} == {"held_share"}


def test_sessions_and_members_out_of_order_change_no_fact():
    row = rows()
    turned = replace(
        row, members=row.members[::-1], guides=row.guides[::-1], sessions=row.sessions[2:] + row.sessions[:2]
    )

    assert facts_of(scope(turned)) == KNOWN


@pytest.mark.parametrize("sunday", [(2027, 3, 28), (2026, 10, 25)], ids=["spring", "autumn"])
def test_the_day_the_clock_changes_makes_no_session_longer_and_no_week_shorter(sunday):
    day = on(*sunday)
    series = tuple(took_place(day + dt.timedelta(weeks=week), "m1", minutes=150) for week in (-1, 0, 1))
    asked = scope(group(members=(member(1),), sessions=series), working_days=(7,))

    assert dates.interval_weeks_planned(asked) == held.interval_weeks_actual(asked) == 1
    assert dates.duration_minutes_planned(asked) == held.duration_minutes_actual(asked) == 150
    assert dates.working_hours_share_planned(asked) == held.working_hours_share_actual(asked) == 1


def test_a_group_whose_only_session_was_cancelled_knows_nothing_of_sessions():
    asked = scope(group(members=(member(1),), sessions=(session(on(2026, 9, 1), state="cancelled"),)))

    facts = facts_of(asked)

    of_sessions = {key for key in FACTS if key.endswith("_actual")} | {
        "onsite_share", "room_comfort_share", "working_hours_share_planned", "attendance_rate",
        "interference_per_attendance", "roster_continuity", "own_case_share", "next_step_share",
        "recovery_theme_sessions", "early_signs_theme_sessions", "intake_held_share", "ground_rules_share",
        "confidentiality_incidents", "duty_clash_share", "intake_offered_share",
    }  # fmt: skip
    assert {key for key in of_sessions if facts[key] is not None} == set()
    assert facts["held_share"] == 0
    found = score(catalogue.load(), "intervision", Inputs(facts=facts))
    assert found.overall is None


@pytest.mark.django_db
def test_a_program_without_a_group_is_mostly_unknown_and_withheld():
    found = assess(ProgramFactory(), PLANNED_AT).score

    assert (found.overall, found.range, found.status) == (None, None, "withheld")
    assert found.items["prep-guide-independent"].status == "unknown"


@pytest.mark.django_db
def test_nobody_sits_in_two_groups_of_a_program():
    program = ProgramFactory()
    place = MembershipFactory(group=GroupFactory(program=program))

    with pytest.raises(IntegrityError), transaction.atomic():
        MembershipFactory(group=GroupFactory(program=program), user=place.user)


@pytest.mark.django_db
def test_what_took_place_replaces_the_plan_after_two_sessions_and_both_are_said(client):
    from checklist.words import measured

    program = by_the_book()
    sessions = list(GroupSession.objects.filter(group__program=program).order_by("number"))
    later = dt.timedelta(weeks=1)
    GroupSession.objects.filter(pk=sessions[1].pk).update(
        starts_at=sessions[1].starts_at + later, ends_at=sessions[1].ends_at + later
    )

    def interval(held: int) -> str:
        for one in GroupSession.objects.filter(pk__in=[one.pk for one in sessions[:held]]):
            GroupSession.objects.filter(pk=one.pk).update(
                state="logged", started_at=one.starts_at, ended_at=one.ends_at
            )
        found = assess(program, sessions[2].starts_at).score.items["prep-interval"]
        return measured(found).replace("\N{NO-BREAK SPACE}", " ")

    assert interval(0) == "Between sessions: 6 weeks"
    assert interval(1) == "Between sessions: 6 weeks"
    assert interval(2) == "Between sessions: 7 weeks (planned: 6 weeks)"
