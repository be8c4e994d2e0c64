"""Questions around the sessions of a group: which, when, of which pair."""

import datetime as dt
import io

import pytest
from django.core.management import call_command

import catalogue
from checklist import asking, asking_guides
from checklist.assessing import assess
from outbox.models import Message
from programs.models import Group, Program
from sessions.models import GuideRound
from surveys.actions.closing import close_due
from surveys.actions.telling import OPENED
from surveys.models import Kind, Pool, Window
from tests.factories.programs import GroupFactory, GuideFactory, MembershipFactory, ProgramFactory
from tests.factories.sessions import GroupSessionFactory
from tests.factories.surveys import all_answer

pytestmark = pytest.mark.django_db
FIRST = dt.datetime(2027, 2, 2, 13, tzinfo=dt.UTC)
LENGTH = dt.timedelta(minutes=165)
DAY = dt.timedelta(days=1)
PER_RESIDENT = {"intervision": (3, 2, 14, 14), "peer_support": (3, 2, 11, 12)}


def group_with(count: int, **fields: object) -> Group:
    fields = {"format": "intervision", "stage": "running", "sessions_total": 10} | fields
    group: Group = GroupFactory(program=ProgramFactory(**fields))
    GuideFactory(group=group)
    for number in range(count):
        starts = FIRST + dt.timedelta(weeks=6) * number
        GroupSessionFactory(group=group, number=number + 1, starts_at=starts, ends_at=starts + LENGTH)
    return group


def moments(group: Group) -> dict[tuple[str, int], asking.Moment]:
    program = next(one for one in asking.live() if one.pk == group.program_id)
    found = next(one for one in program.groups.all() if one.pk == group.pk)
    return {(moment.kind.value, moment.number): moment for moment in asking.moments(program, found)}


@pytest.mark.parametrize("format_key", PER_RESIDENT)
def test_nobody_is_asked_more_than_the_caps(format_key):
    found = moments(group_with(10, format=format_key))
    counts = [len(found[key].questions) for key in (("pulse", 3), ("first", 0), ("midway", 0), ("end", 0))]
    assert tuple(counts) == PER_RESIDENT[format_key]


def test_a_workshop_is_asked_one_short_form_and_once_more_six_weeks_later():
    found = moments(group_with(1, format="error_coping_workshop", sessions_total=1))
    assert [(kind, len(moment.questions)) for (kind, _), moment in found.items()] == [
        ("pulse", 6),
        ("end", 1),
        ("gained", 8),
    ]
    assert found["end", 0].opens_at == FIRST + LENGTH + dt.timedelta(weeks=6)


def test_the_pulse_opens_in_the_last_minutes_of_each_session_in_fixed_pairs():
    found = moments(group_with(10))
    pulses = [moment for (kind, _), moment in found.items() if kind == "pulse"]
    assert [(moment.number, moment.pair) for moment in pulses][:4] == [(1, 1), (2, 1), (3, 2), (4, 2)]
    assert pulses[0].opens_at == FIRST + LENGTH - dt.timedelta(minutes=15)
    assert pulses[0].waits_until == pulses[1].closes_at


def test_a_cancelled_session_leaves_the_pairs_as_they_are():
    group = group_with(10)
    group.sessions.filter(number=2).update(state="cancelled", cancel_reason="no_room")
    pulses = [moment for (kind, _), moment in moments(group).items() if kind == "pulse"]
    assert [(moment.number, moment.pair) for moment in pulses][:3] == [(1, 1), (3, 2), (4, 2)]
    assert pulses[0].waits_until == pulses[0].closes_at


def test_midway_stays_open_over_two_sessions_and_the_end_for_two_weeks():
    found = moments(group_with(10))
    fifth = FIRST + dt.timedelta(weeks=24) + LENGTH
    assert found["midway", 0].opens_at == fifth - dt.timedelta(minutes=15)
    assert found["midway", 0].closes_at == fifth + dt.timedelta(weeks=6) + 2 * DAY
    assert found["end", 0].closes_at == FIRST + dt.timedelta(weeks=54) + LENGTH + 14 * DAY


def test_the_end_waits_until_all_sessions_are_planned():
    assert ("end", 0) not in moments(group_with(9))


def test_only_questions_about_one_person_are_marked_so():
    found = moments(group_with(10))
    marked = {q.key for moment in found.values() for q in moment.questions if q.about_guide}
    assert marked == {
        "prep-guide-human",
        "min-guide-sets-boundaries",
        "opt-guide-active",
        "opt-guide-enthusiasm",
        "opt-guide-digs",
        "opt-guide-contact",
    }


def test_the_tick_opens_what_is_near_and_may_run_twice():
    group = group_with(10)
    for _ in range(2):
        asking.ask_due(at=FIRST - DAY / 2)
    assert {window.kind for window in group.survey_windows.all()} == {Kind.PULSE, Kind.FIRST}
    assert Pool.objects.filter(program=group.program).count() == 2


@pytest.mark.parametrize("stage", ["draft", "recruiting", "paused", "cancelled"])
def test_nothing_is_asked_of_a_program_that_does_not_run(stage):
    group_with(10, stage=stage)
    asking.ask_due(at=FIRST)
    assert not Window.objects.exists()


def test_questions_about_a_cancelled_session_are_withdrawn():
    group = group_with(10)
    asking.ask_due(at=FIRST)
    group.sessions.filter(number=1).update(state="cancelled", cancel_reason="no_room")

    asking.ask_due(at=FIRST)

    assert group.survey_windows.get(kind="pulse").state == "destroyed"


def test_a_program_without_a_broker_asks_and_shows(time_machine):
    group = group_with(10)
    users = [MembershipFactory(group=group).user for _ in range(5)]
    time_machine.move_to(FIRST + LENGTH, tick=False)
    call_command("ask_due", stdout=io.StringIO())
    for window in group.survey_windows.all():
        all_answer(window, users)

    time_machine.move_to(FIRST + LENGTH + 15 * DAY, tick=False)
    call_command("ask_due", stdout=io.StringIO())

    assert {window.state for window in group.survey_windows.all()} == {"released"}
    assert Program.objects.get().survey_results.filter(group=group).count() == 2


# Sign-up, calls and outcomes


STARTED = FIRST - 40 * DAY


@pytest.mark.parametrize(
    ("format_key", "asked", "outcomes"),
    [("intervision", 1, 8), ("peer_support", 0, 9), ("error_coping_workshop", 1, 8)],
)
def test_at_sign_up_one_question_at_most_and_the_outcomes_apart(format_key, asked, outcomes):
    found = moments(group_with(2, format=format_key, sessions_total=2, started_at=STARTED))
    enrol, hoped = found["enrol", 0], found["hoped", 0]
    assert (len(enrol.questions), len(hoped.questions)) == (asked, outcomes)
    assert {(moment.opens_at, moment.closes_at) for moment in (enrol, hoped)} == {(STARTED, FIRST)}
    assert [one.key for one in found["gained", 0].questions] == [one.key for one in hoped.questions]


@pytest.mark.parametrize("stage", ["recruiting", "intakes"])
def test_before_a_program_runs_only_signing_up_is_asked(stage):
    group = group_with(10, stage=stage, started_at=STARTED)
    asking.ask_due(at=FIRST - DAY / 2)
    assert {window.kind for window in group.survey_windows.all()} == {Kind.ENROL, Kind.HOPED}


def test_whoever_is_seated_later_is_told_too_and_nobody_twice():
    group = group_with(10, stage="recruiting", started_at=STARTED)
    for count in (1, 2):
        MembershipFactory(group=group)
        asking.ask_due(at=STARTED + count * DAY)
        asking.ask_due(at=STARTED + count * DAY)
        assert Message.objects.filter(kind=OPENED).count() == count


def test_who_had_a_call_is_asked_where_calls_are_offered():
    fields = {"format": "error_coping_workshop", "sessions_total": 1}
    offered = moments(group_with(1, coaching_mode="optional", **fields))
    assert [one.key for one in offered["call", 0].questions] == ["opt-call-skilled"]
    assert offered["call", 0].opens_at == offered["end", 0].opens_at
    for mode in ("", "not_offered"):
        assert ("call", 0) not in moments(group_with(1, coaching_mode=mode, **fields))


def test_outcomes_are_shown_in_words_and_count_for_nothing_in_the_checklist():
    group = group_with(10, started_at=STARTED)
    users = [MembershipFactory(group=group).user for _ in range(5)]
    asking.ask_due(at=STARTED)
    before = assess(group.program, FIRST).score
    for window in group.survey_windows.all():
        all_answer(window, users)
    close_due(at=FIRST)

    results = {result.kind: result.words for result in group.survey_results.all()}
    assert set(results["hoped"].values()) == {"good"}
    assert len(results["hoped"]) == 8
    after = assess(group.program, FIRST).score
    changed = {key for key, item in after.items.items() if item.score != before.items[key].score}
    assert changed == {"opt-readiness"}, "the question at sign-up, and no outcome"


GUIDES_ARE_ASKED = {
    "intervision": {
        "first": ["prep-intake-goal-depth"],
        "midway": ["opt-guide-tailors", "opt-hierarchy-outside", "opt-thinking-and-feeling"],
        "end": ["opt-guide-tailors", "opt-hierarchy-outside", "opt-thinking-and-feeling"],
    },
    "peer_support": {
        "first": [],
        "midway": ["opt-hierarchy-outside"],
        "end": ["opt-hierarchy-outside"],
    },
    "error_coping_workshop": {"first": [], "midway": [], "end": []},
}
IN_THE_LOG = {
    "intervision": ["min-own-translation"],
    "peer_support": ["opt-seniors-go-first", "opt-humour-balance"],
    "error_coping_workshop": [],
}


@pytest.mark.parametrize("format_key", GUIDES_ARE_ASKED)
def test_guides_are_asked_what_their_format_asks_and_when(format_key):
    asked = {kind.value: asking_guides.questions(format_key, kind) for kind in GuideRound.Kind}
    in_the_log = [item.key for item in catalogue.load().log_questions(format_key)]

    assert (asked, in_the_log) == (GUIDES_ARE_ASKED[format_key], IN_THE_LOG[format_key])


def of_guide(group: Group) -> dict[str, asking_guides.Asked]:
    program = next(one for one in asking.live() if one.pk == group.program_id)
    found = next(one for one in program.groups.all() if one.pk == group.pk)
    return {one.kind.value: one for one in asking_guides.moments(program, found)}


def test_guides_are_asked_after_the_first_session_half_way_and_at_the_end_until_logs_close():
    found = of_guide(group_with(10))
    ends = [FIRST + dt.timedelta(weeks=6) * number + LENGTH for number in range(10)]

    assert {kind: (one.opens_at, one.closes_at) for kind, one in found.items()} == {
        "first": (ends[0], ends[0] + 14 * DAY),
        "midway": (ends[4], ends[5] + 14 * DAY),
        "end": (ends[9], ends[9] + 14 * DAY),
    }


def test_a_group_without_its_first_or_last_session_is_not_asked_about_it():
    group = group_with(9)
    group.sessions.filter(number=1).update(state="cancelled", cancel_reason="no_room")

    assert list(of_guide(group)) == ["midway"]
    group.sessions.update(state="cancelled", cancel_reason="no_room")
    assert of_guide(group) == {}


def test_two_sessions_have_no_half_way_for_the_guide():
    assert list(of_guide(group_with(2, sessions_total=2))) == ["first", "end"]


def test_a_guides_questions_open_when_their_moment_is_near_and_once():
    group = group_with(10)
    end = FIRST + LENGTH

    asking.ask_due(at=end - 2 * DAY)
    assert not GuideRound.objects.exists()
    asking.ask_due(at=end - DAY)
    asking.ask_due(at=end)
    assert GuideRound.objects.get().group == group
    Program.objects.update(stage="intakes")
    GuideRound.objects.all().delete()
    asking.ask_due(at=end)
    assert not GuideRound.objects.exists()


def test_a_guides_questions_are_not_opened_after_they_would_close():
    group_with(10)
    asking.ask_due(at=FIRST + LENGTH + 14 * DAY)
    assert not GuideRound.objects.exists()
