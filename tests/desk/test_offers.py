"""Before texts leave, everybody in the program is told twice to take theirs along, and nothing leaves before that."""

import datetime as dt

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import translation

import vault
from accounts.models import Institution, User
from desk import queries, tasks
from desk.actions import erasing, offering, purging
from intervision import clock
from outbox import kinds
from outbox.mail import Gone
from outbox.models import Message
from outbox.rendering import compose
from programs import offers
from programs.models import LearningGoal, Membership, Preparation, Program, StageChange
from sessions.models import PrivateLine
from tests.access.world import House
from tests.factories.own_texts import goal, preparation
from tests.factories.programs import MembershipFactory

pytestmark = pytest.mark.django_db
#: A Monday in February; thirty days later it is Wednesday 3 March.
THEN = dt.datetime(2027, 2, 1, 12, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)
HOUR = dt.timedelta(hours=1)
TEXT = "Kanarie: nee leren zeggen"


@pytest.fixture
def house():
    """A house whose program ended on the day ``THEN``; its one member wrote one text of each kind."""
    with time_machine.travel(THEN, tick=False):
        made = House()
        place = made.membership
        Membership.objects.filter(pk=place.pk).update(invited_at=clock.now(), accepted_at=clock.now())
        goal(place, TEXT)
        preparation(place, TEXT)
        line = PrivateLine(membership=place, session=made.session)
        vault.write(place.user, line, {"line": TEXT})
        end(made)
    return made


def end(house, stage="completed"):
    Program.objects.filter(pk=house.program.pk).update(stage=stage)
    StageChange.objects.create(program=house.program, from_stage="running", to_stage=stage)


def member(house, **values):
    return MembershipFactory(group=house.group, invited_at=THEN, **values).user


def offered(at):
    """Tell what is due at ``at``, and deliver it; to whom each kind was told by now."""
    with time_machine.travel(at, tick=False):
        offering.offer(at=at)
        deliver(at)
    return told()


def deliver(at):
    Message.objects.filter(state="pending", kind__in=(offers.ENDED, offers.LEAVING)).update(
        state="sent", sent_at=at
    )


def told():
    rows = Message.objects.filter(kind__in=(offers.ENDED, offers.LEAVING))
    return sorted((row.kind, row.recipient.pk) for row in rows)


def mail(house, kind, at, language="en"):
    with translation.override(language):
        answer = kinds.find(kind).render(house.program.pk, house.resident, at)
        if isinstance(answer, Gone):
            return answer.reason
        email = compose(answer, Message(message_id="x@y"), to=house.resident.email, at=at)
        return f"{email.subject}\n{email.body}\n{email.alternatives[0][0]}"


def left(house):
    models = (LearningGoal, Preparation, PrivateLine)
    return sum(model.objects.filter(membership__program=house.program).count() for model in models)


def purged(house, at):
    purging.purge(at=at)
    return 3 - left(house)


def keeps(house, **numbers):
    Institution.objects.filter(pk=house.institution.pk).update(own_periods=numbers)


def line(house, at, user=None):
    with time_machine.travel(at, tick=False):
        client = Client()
        client.force_login(user or house.resident)
        page = client.get("/")
        found = [*page.context["first"], *page.context["later"]]
    return [need for need in found if need.kind == "texts_leave"]


def test_everybody_is_told_when_it_ends_and_a_week_before_once_each(house):
    everybody = sorted([house.resident.pk, member(house).pk])
    ended = [(offers.ENDED, pk) for pk in everybody]

    assert offered(THEN + HOUR) == ended
    assert offered(THEN + 2 * HOUR) == ended
    assert offered(THEN + 23 * DAY - HOUR) == ended
    assert offered(THEN + 23 * DAY) == ended + [(offers.LEAVING, pk) for pk in everybody]
    assert len(offered(THEN + 24 * DAY)) == 4
    assert len(offered(THEN + 60 * DAY)) == 4


def test_who_left_or_said_no_may_have_written_and_is_told_alike_and_once(house):
    left_early = member(house, state="left", left_on=THEN.date())
    said_no = MembershipFactory(
        program=house.program, group=None, joined_on=None, state="declined", declined_at=THEN, invited_at=THEN
    ).user
    came_by_link = MembershipFactory(group=house.group, invited_at=None, accepted_at=THEN).user
    MembershipFactory(group=house.group, user=left_early, invited_at=THEN)
    never_asked = MembershipFactory(group=house.group).user

    people = [pk for _kind, pk in offered(THEN + HOUR)]

    assert sorted(people) == sorted(user.pk for user in (house.resident, left_early, said_no, came_by_link))
    assert never_asked.pk not in people


@pytest.mark.parametrize(
    ("language", "day", "said"),
    [
        ("en", "Wednesday 3 March 2027", "My data"),
        ("nl", "woensdag 3 maart 2027", "Mijn gegevens"),
    ],
)
@pytest.mark.parametrize("kind", [offers.ENDED, offers.LEAVING])
def test_the_mail_says_the_day_and_where_to_go_and_nothing_of_what_was_written(
    house, kind, language, day, said
):
    text = mail(house, kind, THEN + (23 * DAY if kind == offers.LEAVING else HOUR), language)

    assert text.count(day) == 2
    assert said in text
    assert reverse("desk:my-data") in text
    assert TEXT not in text
    assert house.resident.name not in text
    assert house.program.title not in text.partition("\n")[0]


def test_who_wrote_nothing_gets_the_same_mail(house):
    written = mail(house, offers.LEAVING, THEN + 23 * DAY)
    for model in (LearningGoal, Preparation, PrivateLine):
        model.objects.all().delete()

    assert mail(house, offers.LEAVING, THEN + 23 * DAY) == written


def test_the_day_is_of_the_houses_own_period_the_shortest_of_the_three(house):
    keeps(house, private_line=14, goal=20)

    assert "Monday 15 February 2027" in mail(house, offers.ENDED, THEN)
    assert len(offered(THEN + 7 * DAY - HOUR)) == 1
    assert len(offered(THEN + 7 * DAY)) == 2


def test_where_the_page_leads_asks_for_sign_in():
    assert "/login/" in Client().get(reverse("desk:my-data")).url


def test_texts_leave_on_the_day_that_was_said(house):
    offered(THEN)
    offered(THEN + 23 * DAY)

    assert purged(house, THEN + 30 * DAY - HOUR) == 0
    assert purged(house, THEN + 30 * DAY + HOUR) == 3


def test_no_text_leaves_before_the_second_offer(house):
    offered(THEN)

    assert purged(house, THEN + 45 * DAY) == 0
    assert len(offered(THEN + 45 * DAY)) == 2
    assert "Wednesday 24 March" not in mail(house, offers.ENDED, THEN)
    assert "Thursday 25 March 2027" in mail(house, offers.LEAVING, THEN + 45 * DAY)
    assert purged(house, THEN + 52 * DAY - HOUR) == 0
    assert purged(house, THEN + 52 * DAY + HOUR) == 3


def test_a_period_shortened_meanwhile_brings_the_second_offer_at_once_and_a_week_remains(house):
    offered(THEN)
    keeps(house, goal=14, preparation=14, private_line=14)

    assert len(offered(THEN + 20 * DAY)) == 2
    assert "Sunday 28 February 2027" in mail(house, offers.LEAVING, THEN + 20 * DAY)
    assert purged(house, THEN + 27 * DAY - HOUR) == 0
    assert purged(house, THEN + 27 * DAY + HOUR) == 3


def test_a_period_shortened_after_the_second_offer_breaks_no_word_given_in_it(house):
    offered(THEN + 23 * DAY)
    keeps(house, goal=14, preparation=14, private_line=14)

    assert purged(house, THEN + 30 * DAY - HOUR) == 0
    assert purged(house, THEN + 30 * DAY + HOUR) == 3


@pytest.mark.parametrize("state", ["pending", "leased"])
def test_texts_wait_as_long_as_the_message_has_not_left(house, state):
    with time_machine.travel(THEN + 23 * DAY, tick=False):
        offering.offer(at=clock.now())
    claim = {"claim": house.program.pk, "lease_until": THEN} if state == "leased" else {}
    Message.objects.update(state=state, **claim)
    assert purged(house, THEN + 60 * DAY) == 0

    Message.objects.update(state="sent", sent_at=THEN + 60 * DAY, claim=None)
    assert purged(house, THEN + 67 * DAY - HOUR) == 0
    assert purged(house, THEN + 67 * DAY + HOUR) == 3


def test_a_message_that_cannot_be_delivered_keeps_nothing_for_ever(house):
    with time_machine.travel(THEN + 23 * DAY, tick=False):
        offering.offer(at=clock.now())
    Message.objects.update(state="dead")

    assert purged(house, THEN + 30 * DAY - HOUR) == 0
    assert purged(house, THEN + 30 * DAY + HOUR) == 3


@pytest.mark.parametrize(
    "changed", [{"kind": offers.ENDED}, {"about_id": THEN}, {"recipient": THEN}, {"created_at": THEN - DAY}]
)
def test_only_the_second_offer_of_this_end_to_this_person_counts(house, changed):
    offered(THEN + 23 * DAY)
    other = {"about_id": house.group.pk, "recipient": house.coordinator}
    Message.objects.update(**{name: other.get(name, value) for name, value in changed.items()})

    assert purged(house, THEN + 31 * DAY) == 0


def test_a_text_of_an_older_end_is_offered_too_before_it_goes(house):
    assert len(offered(THEN + 200 * DAY)) == 1
    assert purged(house, THEN + 207 * DAY + HOUR) == 3


@pytest.mark.parametrize("kept", [LearningGoal, Preparation, PrivateLine])
def test_long_after_the_end_only_a_program_of_which_something_is_kept_says_anything(house, kept):
    for model in {LearningGoal, Preparation, PrivateLine} - {kept}:
        model.objects.all().delete()
    assert list(offering.concerned(THEN + 200 * DAY)) == [house.program]

    kept.objects.all().delete()
    assert list(offering.concerned(THEN + 29 * DAY)) == [house.program]
    assert not offering.concerned(THEN + 200 * DAY)


def test_a_cancelled_program_offers_alike_and_a_draft_tells_nobody(house):
    end(house, "cancelled")
    assert offered(THEN + HOUR) == [(offers.ENDED, house.resident.pk)]

    with time_machine.travel(THEN, tick=False):
        silent = House()
        end(silent, "cancelled")
    assert len(offered(THEN + HOUR)) == 1


def test_a_program_that_is_taken_up_again_takes_back_the_message_and_tells_anew_at_its_next_end(house):
    offered(THEN)
    Program.objects.filter(pk=house.program.pk).update(stage="running")

    assert mail(house, offers.ENDED, THEN) == "goes on"
    assert offers.offer(Program.objects.get(pk=house.program.pk), at=THEN + DAY) == 0
    assert line(house, THEN + DAY) == []

    with time_machine.travel(THEN + 90 * DAY, tick=False):
        end(house)
    assert len(offered(THEN + 90 * DAY)) == 2
    assert purged(house, THEN + 119 * DAY) == 0


def test_who_erased_everything_gets_nothing(house):
    with time_machine.travel(THEN, tick=False):
        erasing.erase(house.resident)

    assert offered(THEN + HOUR) == []
    assert not User.objects.get(pk=house.resident.pk).is_active


def test_the_worklist_tells_who_wrote_something_when_it_leaves(house):
    nothing_written = member(house)

    (said,) = line(house, THEN + DAY)

    assert said.text == "What you wrote leaves on Wed 3 March: take it along"
    assert said.url == reverse("desk:my-data")
    assert line(house, THEN + DAY, nothing_written) == []


@pytest.mark.parametrize(
    ("kept", "day"), [(LearningGoal, "Sun 21"), (Preparation, "Mon 22"), (PrivateLine, "Tue 23")]
)
def test_the_worklist_goes_by_the_period_of_what_is_there(house, kept, day):
    keeps(house, goal=20, preparation=21, private_line=22)
    for model in {LearningGoal, Preparation, PrivateLine} - {kept}:
        model.objects.all().delete()

    (said,) = line(house, THEN + DAY)

    assert f"{day} February" in said.text


def test_the_worklist_says_the_later_day_where_the_second_offer_came_late(house):
    assert "Mon 15 March" in line(house, THEN + 35 * DAY)[0].text
    offered(THEN + 35 * DAY)

    assert "Mon 15 March" in line(house, THEN + 38 * DAY)[0].text


def test_only_the_second_offer_of_this_end_to_oneself_moves_the_day_on_the_worklist(house):
    offered(THEN + 35 * DAY)
    Message.objects.update(recipient=house.coordinator)
    assert "Tue 16 March" in line(house, THEN + 36 * DAY)[0].text

    Message.objects.update(recipient=house.resident, created_at=THEN - DAY)
    assert "Tue 16 March" in line(house, THEN + 36 * DAY)[0].text


def test_a_program_that_goes_on_offers_nothing(house):
    Program.objects.filter(pk=house.program.pk).update(stage="running")

    assert not offering.concerned(THEN + DAY)


def test_who_left_is_told_on_the_worklist_too(house):
    Membership.objects.filter(pk=house.membership.pk).update(state="left", left_on=THEN.date())

    assert line(house, THEN + DAY)


def test_a_longer_period_in_the_row_lengthens_no_day_on_the_worklist(house):
    keeps(house, goal=3000)
    assert "Wed 3 March" in line(house, THEN + DAY)[0].text
    assert "('goal', 30)" in queries.kept()


def test_the_clock_asks_for_it_every_hour(settings):
    asked = {entry["task"]: entry["schedule"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}

    assert asked["desk.tasks.offer_texts"] == HOUR


def test_the_task_tells_by_the_clock(house):
    with time_machine.travel(THEN + HOUR, tick=False):
        tasks.offer_texts()

    assert told() == [(offers.ENDED, house.resident.pk)]
