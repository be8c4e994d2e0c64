"""What a guide is asked about their own work: under their name, corrected until it closes, read by guides alone."""

import pytest
import time_machine
from django.core.management import call_command
from django.urls import reverse

from checklist.assessing import assess
from checklist.reading import read
from intervision import clock
from outbox.models import Message
from programs.models import StageChange
from sessions import own, retention
from sessions.actions import guide_rounds
from sessions.actions.guide_rounds import Asked
from sessions.errors import QuestionsClosed
from sessions.models import GuideRound
from tests.access.test_access import signed_in
from tests.factories.links import come_by_link
from tests.factories.programs import GuideFactory
from tests.sessions.world import DAY, HOUR, MONDAY, meeting

pytestmark = pytest.mark.django_db
QUESTIONS = ["opt-guide-tailors", "opt-thinking-and-feeling"]
MIDWAY = Asked(GuideRound.Kind.MIDWAY, QUESTIONS, MONDAY, MONDAY + 20 * DAY)


@pytest.fixture(autouse=True)
def that_monday():
    with time_machine.travel(MONDAY, tick=False):
        yield


@pytest.fixture
def here():
    here = meeting()
    here.round = guide_rounds.ask(here.group, MIDWAY, at=MONDAY)
    return here


def url(here):
    return reverse("sessions:guide-round", args=[here.round.pk])


def filled(value="4"):
    return dict.fromkeys(QUESTIONS, value)


def waiting():
    return Message.objects.filter(kind=guide_rounds.REMINDER, state="pending")


def test_the_guide_answers_by_their_link_and_corrects_it_until_it_closes(client, here):
    come_by_link(client, here.guide, purpose="guide", about_id=here.group.pk)
    page = client.get(url(here)).content.decode()
    assert "Your name stands with these answers." in page
    assert "three guides or more" in page

    assert client.post(url(here), filled()).status_code == 302
    assert "You came by a link" in client.get(url(here)).content.decode()
    assert client.post(url(here), filled("2")).status_code == 302

    here.round.refresh_from_db()
    assert (here.round.answers, here.round.answered_by) == (dict.fromkeys(QUESTIONS, 2), here.guide)


@pytest.mark.parametrize("at", [MONDAY + HOUR, MIDWAY.closes_at])
def test_a_link_reads_back_nothing_of_whoever_answered_and_a_sign_in_does(client, here, at):
    guide_rounds.answer(here.round, dict.fromkeys(QUESTIONS, 5), by=here.guide)
    here.group.guides.update(until_on=clock.today() - DAY)
    successor = GuideFactory(group=here.group, user__name="Came After").user
    with time_machine.travel(at, tick=False):
        come_by_link(client, successor, purpose="guide", about_id=here.group.pk)
        by_link, signed = client.get(url(here)), signed_in(successor).get(url(here))

    assert "You came by a link" not in signed.content.decode()
    assert [field.initial for field in signed.context["form"]] == ["5", "5"]
    for told in ("checked", here.guide.name, "<dd>"):
        assert told not in by_link.content.decode()
    assert [field.initial for field in by_link.context["form"]] == [None, None]


def test_who_signed_in_reads_who_answered(here):
    guide_rounds.answer(here.round, dict.fromkeys(QUESTIONS, 5), by=here.guide)

    assert "Answered by Guide Who Listens." in signed_in(here.guide).get(url(here)).content.decode()


def test_something_left_out_keeps_what_was_chosen(client, here):
    answer = signed_in(here.guide).post(url(here), {QUESTIONS[0]: "5"})

    assert answer.status_code == 422
    assert [field.value() for field in answer.context["form"]] == ["5", None]
    assert not GuideRound.objects.exclude(answers={}).exists()


def test_an_answer_off_the_scale_is_refused(here):
    assert signed_in(here.guide).post(url(here), filled("6")).status_code == 422


@pytest.mark.parametrize("at", [MONDAY - HOUR, MIDWAY.closes_at])
def test_before_and_after_nothing_is_changed(here, at):
    with time_machine.travel(at, tick=False):
        with pytest.raises(QuestionsClosed):
            guide_rounds.answer(here.round, dict.fromkeys(QUESTIONS, 3), by=here.guide)
        posted = signed_in(here.guide).post(url(here), filled())

    assert posted.status_code == 409
    assert not GuideRound.objects.exclude(answers={}).exists()


def test_once_closed_the_guide_still_reads_what_they_chose(here):
    guide_rounds.answer(here.round, dict.fromkeys(QUESTIONS, 4), by=here.guide)
    with time_machine.travel(MIDWAY.closes_at, tick=False):
        page = signed_in(here.guide).get(url(here)).content.decode()

    assert "Largely" in page
    assert '<form method="post" class="questions"' not in page


def test_members_coordinators_and_former_guides_find_nothing(here):
    here.group.guides.update(until_on=clock.today() - DAY)
    GuideFactory(group=here.group)

    for person in (here.guide, here.coordinator, here.members[0].user):
        assert signed_in(person).get(url(here)).status_code == 404


def test_worklist_and_group_lead_to_the_questions_until_they_are_answered(here):
    guide = signed_in(here.guide)
    pages = [reverse("desk:home"), reverse("sessions:group", args=[here.group.pk])]
    assert all(url(here) in guide.get(page).content.decode() for page in pages)

    guide_rounds.answer(here.round, dict.fromkeys(QUESTIONS, 4), by=here.guide)
    assert not any(url(here) in guide.get(page).content.decode() for page in pages)


@pytest.mark.parametrize("change", ["not_open", "closed", "paused_group", "cancelled_program"])
def test_what_cannot_be_answered_is_not_on_the_worklist(here, change):
    times = {
        "not_open": {"opens_at": MONDAY + HOUR},
        "closed": {"opens_at": MONDAY - DAY, "closes_at": MONDAY},
    }
    GuideRound.objects.update(**times.get(change, {}))
    if change == "paused_group":
        here.program.groups.update(paused_at=MONDAY)
    if change == "cancelled_program":
        type(here.program).objects.update(stage="cancelled")

    assert url(here) not in signed_in(here.guide).get(reverse("desk:home")).content.decode()
    assert not GuideRound.objects.to_answer(MONDAY).exists()


def test_two_reminders_are_written_and_taken_back_by_an_answer(here):
    guide_rounds.ask(here.group, MIDWAY, at=MONDAY)
    assert sorted(waiting().values_list("due_at", flat=True)) == [MONDAY + 3 * DAY, MONDAY + 17 * DAY]

    guide_rounds.answer(here.round, dict.fromkeys(QUESTIONS, 4), by=here.guide)
    guide_rounds.ask(here.group, MIDWAY, at=MONDAY)
    assert not waiting().exists()


def test_the_reminder_names_nobody_and_no_question_and_leads_to_the_form(here, mailoutbox):
    with time_machine.travel(MONDAY + 3 * DAY, tick=False):
        call_command("run_due")
    [mail] = [one for one in mailoutbox if one.to == [here.guide.email]]

    assert mail.subject == "A few questions for you"
    assert "2 questions for you" in mail.body
    assert here.group.name not in mail.body
    assert not any(here.members[0].user.name in text for text in (mail.subject, mail.body))


def test_questions_follow_a_moved_session_until_they_are_answered(here):
    later = Asked(MIDWAY.kind, QUESTIONS, MONDAY + DAY, MIDWAY.closes_at + DAY)
    assert guide_rounds.ask(here.group, later, at=MONDAY).opens_at == later.opens_at
    assert sorted(waiting().values_list("due_at", flat=True)) == [MONDAY + 4 * DAY, MONDAY + 18 * DAY]

    with time_machine.travel(MONDAY + DAY, tick=False):
        guide_rounds.answer(here.round, dict.fromkeys(QUESTIONS, 4), by=here.guide)
    assert guide_rounds.ask(here.group, MIDWAY, at=MONDAY).opens_at == later.opens_at


def test_nothing_is_asked_where_there_is_no_question_or_it_is_over(here):
    first = GuideRound.Kind.FIRST
    assert guide_rounds.ask(here.group, Asked(first, [], MONDAY, MONDAY + DAY), at=MONDAY) is None
    assert guide_rounds.ask(here.group, Asked(first, QUESTIONS, MONDAY - DAY, MONDAY), at=MONDAY) is None


def test_a_guides_answer_counts_for_their_group_and_for_nobody_elses_eyes(here):
    guide_rounds.answer(here.round, dict.fromkeys(QUESTIONS, 5), by=here.guide)
    [group] = read(here.program, MONDAY).scope.groups
    [row] = group.rounds

    assert (row.by, row.answers) == (str(here.guide.pk), dict.fromkeys(QUESTIONS, 5))
    assert (row.day, row.closed_on) == (MONDAY.date(), MIDWAY.closes_at.date())
    assert assess(here.program, MONDAY).inputs.intervisor == {}


def test_they_are_in_ones_own_data_and_gone_with_the_logs(here):
    guide_rounds.answer(here.round, dict.fromkeys(QUESTIONS, 5), by=here.guide)
    [mine] = [part for part in own.export_own(here.guide) if part.key == "guide_rounds"]
    assert [(row["answer"], row["words"]) for row in mine.rows] == [(5, "Fully"), (5, "Fully")]

    type(here.program).objects.update(stage="completed")
    StageChange.objects.create(program=here.program, from_stage="running", to_stage="completed")
    retention.purge(at=MONDAY + 365 * DAY)
    assert GuideRound.objects.exists()
    retention.purge(at=MONDAY + 750 * DAY)
    assert not GuideRound.objects.exists()
