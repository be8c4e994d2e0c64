import datetime as dt
import json
from html import unescape

import pytest
import time_machine
from django.urls import reverse

from catalogue import load
from outbox.models import Message
from programs.models import Membership
from sessions import own
from sessions.actions import changes, coming, lines, logs, series
from sessions.errors import LogClosed, NotYet, SessionCancelled
from sessions.models import Attendance, GroupSession, SessionLog
from tests.factories.accounts import AppointmentFactory
from tests.factories.links import come_by_link
from tests.factories.programs import MembershipFactory
from tests.sessions.world import DAY, HOUR, MONDAY, meeting

pytestmark = pytest.mark.django_db
START = MONDAY + 30 * DAY
QUESTIONS = [item.key for item in load().log_questions("intervision")]


@pytest.fixture
def here():
    with time_machine.travel(MONDAY, tick=False):
        here = meeting()
        series.plan_series(here.group, [series.Moment(START, START + 2 * HOUR)], by=None)
        here.session = here.group.sessions.get()
        coming.cannot_come(here.session, here.members[2])
    return here


@pytest.fixture(autouse=True)
def at_the_end():
    with time_machine.travel(START + 2 * HOUR, tick=False):
        yield


def entry(here, **changes):
    values = {
        "present": {here.members[0].pk},
        "started_at": START,
        "ended_at": START + 2 * HOUR,
        "interruptions": {"pager": 2},
        "own_case": True,
        "themes": ["patient_or_family"],
        "answers": dict.fromkeys(QUESTIONS, 4),
    }
    return logs.Entry(**values | changes)


def states(here):
    return [
        Attendance.objects.filter(membership=row).values_list("state", flat=True).first()
        for row in here.members
    ]


def test_the_log_marks_who_came_and_the_session_as_logged(here):
    logs.log_session(here.session, entry(here), by=here.guide)

    here.session.refresh_from_db()
    assert here.session.state == "logged"
    assert states(here) == ["present", "absent", "excused"]
    assert list(here.session.interruptions.values_list("kind", "count")) == [("pager", 2)]
    assert not Message.objects.filter(kind="log-missing", state="pending").exists()


def test_the_same_entry_twice_is_one_log_and_a_change_replaces_it(here):
    logs.log_session(here.session, entry(here), by=here.guide)
    logs.log_session(here.session, entry(here), by=here.guide)
    logs.log_session(here.session, entry(here, interruptions={}, themes=[]), by=here.guide)

    assert SessionLog.objects.get().themes == []
    assert not here.session.interruptions.exists()


@pytest.mark.parametrize(
    ("at", "refusal"), [(START - HOUR, NotYet), (START + 2 * HOUR + 14 * DAY, LogClosed)]
)
def test_it_opens_at_the_start_and_closes_after_fourteen_days(here, at, refusal):
    with time_machine.travel(at, tick=False), pytest.raises(refusal):
        logs.log_session(here.session, entry(here), by=here.guide)


def test_a_cancelled_session_is_not_logged(here):
    changes.cancel_session(here.session, reason="duty", by=here.guide)

    with pytest.raises(SessionCancelled):
        logs.log_session(here.session, entry(here), by=here.guide)


def test_somebody_paused_on_that_day_is_in_no_count(here):
    here.members[1].paused_from = START.date()
    here.members[1].save()

    logs.log_session(here.session, entry(here), by=here.guide)

    assert states(here) == ["present", None, "excused"]


def by_link(client, here):
    come_by_link(client, here.guide, purpose="guide", about_id=here.group.pk)
    return client


def url(here, name="log"):
    return reverse(f"sessions:{name}", args=[here.session.pk])


def filled(here, **changes):
    values = {
        f"present_{here.members[0].pk}": "on",
        "started": "08:00",
        "ended": "10:05",
        "count_pager": "1",
        "count_called_away": "0",
        "count_left_for_care": "0",
        "own_case": "on",
        "themes": ["other"],
        **{f"answer_{key}": "3" for key in QUESTIONS},
    }
    return values | changes


def test_the_guide_logs_by_link_in_one_form(client, here):
    page = by_link(client, here).get(url(here))
    form = page.context["form"]
    assert [one.present for one in form.people] == [True, True, False]
    assert form.initial["started"] == dt.time(8)

    answer = client.post(url(here), filled(here))

    assert answer.status_code == 302
    session = GroupSession.objects.get()
    assert (session.state, session.minutes) == ("logged", 125)
    assert SessionLog.objects.get().answers == dict.fromkeys(QUESTIONS, 3)


def test_a_log_with_something_missing_keeps_what_was_filled_in(client, here):
    answer = by_link(client, here).post(url(here), filled(here, ended="07:00"))

    assert answer.status_code == 422
    page = answer.content.decode()
    assert "The end must be after the start." in page
    assert 'value="07:00"' in page
    assert not SessionLog.objects.exists()


def test_ticks_alone_are_saved_and_the_session_is_not_yet_logged(client, here):
    answer = by_link(client, here).post(url(here, "ticks"), {f"present_{here.members[1].pk}": "on"})

    assert answer.json() == {"saved": True}
    here.session.refresh_from_db()
    assert (states(here), here.session.state) == (["absent", "present", "excused"], "planned")


def test_the_form_has_no_field_for_text(client, here):
    page = by_link(client, here).get(url(here)).content.decode()

    assert "<textarea" not in page
    assert 'type="text"' not in page


def test_the_group_reads_its_log_and_the_coordinator_sees_that_it_took_place_only(client, here):
    logs.log_session(here.session, entry(here), by=here.guide)
    page = reverse("sessions:group", args=[here.group.pk])
    said = str(load().themes["patient_or_family"])

    come_by_link(client, here.members[0].user, purpose="take_part", about_id=here.members[0].pk)
    assert said in client.get(page).content.decode()
    client.force_login(here.coordinator)
    shown = client.get(page).content.decode()
    session = client.get(url(here, "session")).content.decode()

    assert said not in shown + session
    assert here.members[0].user.name not in shown + session
    assert "Took place" in shown
    assert client.get(url(here)).status_code == 403


def test_who_stands_in_sees_names_and_logs_and_nothing_of_before(client, here):
    earlier = GroupSession.objects.create(
        group=here.group,
        number=7,
        starts_at=START - 20 * DAY,
        ends_at=START - 20 * DAY + HOUR,
        first_planned_at=START,
    )
    person = AppointmentFactory(institution=here.house, role="intervisor").user
    GroupSession.objects.filter(pk=here.session.pk).update(substitute=person)
    come_by_link(client, person, purpose="guide", about_id=here.session.pk)

    page = client.get(url(here, "session"))

    assert here.members[0].user.name in page.content.decode()
    assert client.get(reverse("sessions:session", args=[earlier.pk])).status_code == 404
    assert client.get(reverse("sessions:group", args=[here.group.pk])).status_code == 404
    assert client.post(url(here), filled(here)).status_code == 302


def test_a_members_link_opens_their_group_and_says_when_they_cannot_come(client, here):
    with time_machine.travel(MONDAY, tick=False):
        member = here.members[0]
        come_by_link(client, member.user, purpose="take_part", about_id=member.pk)
        client.post(url(here, "cannot-come"))
        page = client.get(reverse("sessions:group", args=[here.group.pk])).content.decode()

    assert "You cannot come" in page
    assert states(here)[0] == "excused"
    assert here.members[1].user.name not in page


def test_who_has_not_said_yes_reads_the_dates_and_nothing_of_the_group(client, here):
    client.force_login(here.guide)
    client.post(url(here), filled(here))
    member = here.members[0]
    client.force_login(member.user)

    def page():
        return client.get(reverse("sessions:group", args=[here.group.pk])).content.decode()

    inside = "What was logged", reverse("surveys:group", args=[here.group.pk]), "For yourself"
    assert [words in page() for words in inside] == [True] * 3
    Membership.objects.filter(pk=member.pk).update(state="placed")
    assert [words in page() for words in inside] == [False] * 3
    assert "once you say that you take part" in page()
    assert client.get(reverse("surveys:group", args=[here.group.pk])).status_code == 403


def test_in_each_of_two_groups_one_is_what_one_is_there(client, here):
    with time_machine.travel(MONDAY, tick=False):
        there = meeting()
    member = here.members[0]
    MembershipFactory(group=there.group, user=member.user, state="placed")
    client.force_login(member.user)

    def is_asked(group):
        page = client.get(reverse("sessions:group", args=[group.pk])).content.decode()
        return "once you say that you take part" in page

    assert [is_asked(here.group), is_asked(there.group)] == [False, True]


def test_whoever_left_the_group_and_runs_its_program_answers_for_no_seat(client, here):
    MembershipFactory(group=here.group, user=here.coordinator, state="left", left_on=MONDAY.date())
    client.force_login(here.coordinator)

    with time_machine.travel(MONDAY, tick=False):
        assert client.post(url(here, "cannot-come")).status_code == 403
    assert not Attendance.objects.filter(membership__user=here.coordinator).exists()


def test_it_is_said_who_cannot_come_and_to_which_session(client, here):
    with time_machine.travel(MONDAY, tick=False):
        moment = series.Moment(START + DAY, START + DAY + HOUR)
        later = series.add_session(here.group, moment, by=here.guide)
        coming.cannot_come(later, here.members[0])

        def page(user):
            client.force_login(user)
            return client.get(reverse("sessions:group", args=[here.group.pk]))

        expected = page(here.guide).context["coming"]
        assert {row.user for row in expected if row.away} == {here.members[2].user}
        said = [page(row.user).context["mine"] for row in here.members]

    assert said == [{later.pk}, set(), {here.session.pk}]


def test_the_group_leads_to_ones_own_goal_and_to_a_line_about_the_latest_session(client, here):
    place = here.members[0]

    def page():
        client.force_login(place.user)
        return client.get(reverse("sessions:group", args=[here.group.pk])).content.decode()

    with time_machine.travel(START - HOUR, tick=False):
        assert reverse("programs:my-goals", args=[place.pk]) in page()
        assert "A line for yourself about session" not in page()
    with time_machine.travel(START + HOUR, tick=False):
        assert "A line for yourself about session 1" in page()
    GroupSession.objects.filter(pk=here.session.pk).update(state="cancelled", cancel_reason="other")
    with time_machine.travel(START + HOUR, tick=False):
        assert "A line for yourself about session" not in page()


def test_a_line_is_about_a_session_that_began_and_was_not_cancelled(client, here):
    def found(at):
        with time_machine.travel(at, tick=False):
            client.force_login(here.members[0].user)
            return client.get(url(here, "line")).status_code

    assert [found(START - HOUR), found(START)] == [404, 200]
    GroupSession.objects.filter(pk=here.session.pk).update(state="cancelled", cancel_reason="other")
    assert found(START) == 404


def test_the_line_one_reads_is_ones_own_about_this_session(client, here):
    mine, fellow = here.members[:2]
    moment = series.Moment(START + DAY, START + DAY + HOUR)
    second = series.add_session(here.group, moment, by=here.guide)

    def written(member, session):
        with time_machine.travel(START + 2 * DAY, tick=False):
            client.force_login(member.user)
            page = client.get(reverse("sessions:line", args=[session.pk]))
        return page.context["form"].initial.get("line")

    lines.save_line(here.session, mine, "Of the first")
    lines.save_line(second, fellow, "Of a fellow")

    assert [written(mine, here.session), written(mine, second)] == ["Of the first", None]
    assert [written(fellow, here.session), written(fellow, second)] == [None, "Of a fellow"]


def test_who_left_after_the_session_is_still_logged_and_who_left_before_is_not(here):
    before, after = here.members[:2]
    for member, on in ((before, START - DAY), (after, START + DAY)):
        member.state, member.left_on = "left", on.date()
        member.save()

    assert {row.pk for row in logs.expected(here.session)} == {after.pk, here.members[2].pk}


def test_what_a_guide_logged_and_answered_is_in_what_they_take_with_them_and_names_nobody(client, here):
    logs.log_session(here.session, entry(here, next_step=True), by=here.guide)
    client.force_login(here.guide)
    found = json.loads(client.get(reverse("desk:everything-json")).content)

    [row] = found["logs"]["rows"]
    assert (row["own_case"], row["next_step"], row["pager"], row["called_away"]) == (True, True, 2, 0)
    assert row["themes"] == str(load().themes["patient_or_family"])
    assert (row["began"], row["ended"]) == ("2027-02-03T07:00:00Z", "2027-02-03T09:00:00Z")
    asked = [str(item.measure.words) for item in load().log_questions("intervision")]
    assert [(one["question"], one["answer"], one["words"]) for one in found["log_answers"]["rows"]] == [
        (question, 4, "Largely") for question in asked
    ]
    for page in ("desk:everything", "desk:everything-page", "desk:everything-json"):
        said = unescape(client.get(reverse(page)).content.decode())
        assert asked[0] in said
        assert not [row.name for row in here.members if row.name in said]


def test_what_another_guide_logged_is_theirs(here):
    logs.log_session(here.session, entry(here), by=here.guide)

    assert [part.rows for part in own.export_own(here.members[0].user) if part.key.startswith("log")] == [
        [],
        [],
    ]
