import datetime as dt

import pytest
import time_machine
from django.urls import reverse

from outbox.models import Message
from programs.models import Intake, IntakeSlot, WaitingPlace
from tests.factories.links import come_by_link
from tests.factories.programs import GuideFactory, IntakeSlotFactory, MembershipFactory
from tests.factories.sessions import GroupSessionFactory

pytestmark = pytest.mark.django_db
MONDAY = dt.datetime(2027, 1, 4, 12, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)
LAST_YEAR = dt.date(2026, 12, 31)


@pytest.fixture(autouse=True)
def on_a_monday():
    with time_machine.travel(MONDAY, tick=False):
        yield


@pytest.fixture
def guide():
    return GuideFactory(group__program__stage="intakes")


@pytest.fixture
def who(guide):
    return MembershipFactory(group=guide.group, invited_at=MONDAY)


@pytest.fixture
def past(guide, who):
    return IntakeSlotFactory(
        program=guide.group.program,
        guide=guide.user,
        starts_at=MONDAY - HOUR,
        membership=who,
        kept_at=MONDAY - 5 * HOUR,
    )


def answer(client, guide, who, **data):
    client.force_login(guide.user)
    return client.post(reverse("sessions:intake-outcome", args=[who.pk]), data)


def test_an_intake_that_took_place_has_its_time_and_ticks(client, guide, who, past):
    assert answer(client, guide, who, outcome="held", boundaries_agreed="on").status_code == 302

    intake = Intake.objects.get()
    assert (intake.state, intake.held_at, intake.held_by) == ("held", past.starts_at, guide.user)
    assert (intake.expectations_voiced, intake.boundaries_agreed) == (False, True)


def test_a_talk_by_phone_counts_and_ends_the_waiting(client, guide, who):
    WaitingPlace.objects.create(kind="intake", program=who.program, membership=who)

    answer(client, guide, who, outcome="by_phone", goal_formulated="on")

    intake = Intake.objects.get()
    assert (intake.state, intake.held_at, intake.by_phone) == ("held", MONDAY, True)
    assert not WaitingPlace.objects.waiting("intake").exists()


def test_after_the_first_session_it_is_late(client, guide, who, past):
    GroupSessionFactory(group=guide.group, starts_at=MONDAY - 48 * HOUR)

    answer(client, guide, who, outcome="held")

    assert Intake.objects.get().state == "held_late"


def test_a_cancelled_first_session_makes_nothing_late(client, guide, who, past):
    GroupSessionFactory(
        group=guide.group, starts_at=MONDAY - 48 * HOUR, state="cancelled", cancel_reason="other"
    )

    answer(client, guide, who, outcome="held")

    assert Intake.objects.get().state == "held"


def test_having_missed_each_other_reserves_another_time_and_tells(client, guide, who, past):
    other = IntakeSlotFactory(program=guide.group.program, guide=guide.user, starts_at=MONDAY + 30 * HOUR)

    answer(client, guide, who, outcome="no_show")

    assert IntakeSlot.objects.get(membership=who) == other
    assert Intake.objects.get().state == "offered"
    assert Message.objects.filter(kind="reserved-time", state="pending").exists()


def test_having_missed_each_other_without_another_time_means_waiting(client, guide, who, past):
    answer(client, guide, who, outcome="no_show")

    assert Intake.objects.get().state == "no_show"
    assert WaitingPlace.objects.waiting("intake").get().membership == who


def test_a_mistake_can_be_mended_both_ways(client, guide, who, past):
    answer(client, guide, who, outcome="held", goal_formulated="on")
    answer(client, guide, who, outcome="no_show")
    assert Intake.objects.get().state == "no_show"
    answer(client, guide, who, outcome="held")
    assert Intake.objects.get().state == "held"


def test_nothing_chosen_is_refused_with_the_ticks_kept(client, guide, who):
    refused = answer(client, guide, who, goal_formulated="on")

    assert refused.status_code == 422
    assert refused.content.decode().count(" checked") == 1


def test_the_form_starts_from_the_intake_of_this_member(client, guide, who, past):
    fellow = MembershipFactory(group=guide.group, invited_at=MONDAY)
    answer(client, guide, who, outcome="held", goal_formulated="on")
    page = reverse("sessions:intake-outcome", args=[fellow.pk])

    assert client.get(page).content.decode().count(" checked") == 0
    assert client.get(page).context["slot"] is None


def test_whose_time_in_the_group_is_over_records_and_has_nothing_recorded(client, guide, who):
    for row, over in ((who, {"state": "left", "left_on": MONDAY.date()}), (guide, {"until_on": LAST_YEAR})):
        before = {name: getattr(row, name) for name in over}
        assert answer(client, guide, who).status_code == 422
        type(row).objects.filter(pk=row.pk).update(**over)
        assert answer(client, guide, who, outcome="held").status_code == 404
        type(row).objects.filter(pk=row.pk).update(**before)


def test_the_link_of_one_group_opens_the_intakes_of_the_whole_program(client, guide, who):
    second = GuideFactory(group__program=guide.group.program, user=guide.user).group

    come_by_link(client, guide.user, purpose="guide", about_id=second.pk)

    assert client.get(reverse("sessions:intake-outcome", args=[who.pk])).status_code == 200


def test_only_the_lead_of_the_group_records_it(client, guide, who):
    co = GuideFactory(group=guide.group, role="co")
    other = GuideFactory()
    for stranger in (co, other):
        assert answer(client, stranger, who, outcome="held").status_code == 404
    assert not Intake.objects.exists()
