import datetime as dt

import pytest
from django.urls import reverse

import outbox
from accounts.models import PersonalLink
from intervision import clock
from outbox.models import Message
from programs.actions import stages
from sessions.actions import outgoing
from tests.factories.programs import GroupFactory, MembershipFactory, ProgramCoordinatorFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def held():
    return ProgramCoordinatorFactory()


@pytest.fixture
def program(held):
    return held.program


def invitation(program, *, in_days=3):
    row = MembershipFactory(group=GroupFactory(program=program))
    now = clock.now()
    return outbox.enqueue(
        stages.INVITATION,
        about_id=row.pk,
        to=row.user,
        key=f"test:{row.pk}",
        at=now,
        due_at=now + dt.timedelta(days=in_days),
    )


def test_only_the_programs_own_messages_are_shown(program):
    mine = invitation(program)
    invitation(ProgramCoordinatorFactory().program)

    assert list(outgoing.messages_of(program)) == [mine]


def test_a_message_can_be_read_before_it_leaves_without_its_personal_link(client, held, program):
    message = invitation(program)
    client.force_login(held.user)

    page = client.get(reverse("sessions:message", args=[program.pk, message.pk])).content.decode()

    assert "An invitation" in page
    assert "/link/…" in page
    assert not PersonalLink.objects.exists()


def test_a_message_is_taken_back_and_planned_again(client, held, program):
    message = invitation(program)
    client.force_login(held.user)

    client.post(reverse("sessions:take-message-back", args=[program.pk, message.pk]))
    message.refresh_from_db()
    assert message.state == "cancelled"
    page = client.get(reverse("sessions:messages", args=[program.pk])).content.decode()
    undo = reverse("sessions:put-message-back", args=[program.pk, message.pk])
    assert undo in page
    client.post(undo)

    message.refresh_from_db()
    assert message.state == "pending"


def test_what_has_left_is_not_taken_back(client, held, program):
    message = invitation(program)
    Message.objects.filter(pk=message.pk).update(state="sent", sent_at=clock.now())
    client.force_login(held.user)

    client.post(reverse("sessions:take-message-back", args=[program.pk, message.pk]))

    message.refresh_from_db()
    assert message.state == "sent"


def test_what_was_not_delivered_is_named_and_tried_again(client, held, program):
    message = invitation(program, in_days=0)
    Message.objects.filter(pk=message.pk).update(state="dead", error_class="SMTPServerDisconnected")
    client.force_login(held.user)
    page = client.get(
        reverse("sessions:messages", args=[program.pk]), {"show": "undelivered"}
    ).content.decode()
    assert "1 message was not delivered" in page

    client.post(reverse("sessions:send-again", args=[program.pk, message.pk]))

    message.refresh_from_db()
    assert message.state == "pending"


def test_messages_are_found_by_to_whom_they_go_and_by_whether_they_arrived(client, held, program):
    lost, coming = invitation(program), invitation(program)
    Message.objects.filter(pk=lost.pk).update(state="dead", error_class="SMTPServerDisconnected")
    client.force_login(held.user)

    def found(**asked):
        page = client.get(reverse("sessions:messages", args=[program.pk]), {"show": "all"} | asked)
        assert page.context["undelivered"] == 1
        return set(page.context["page"].object_list)

    assert found() == {lost, coming}
    assert found(show="undelivered") == {lost}
    for asked in (coming.recipient.name, coming.recipient.email):
        assert found(q=asked) == {coming}


def test_the_list_asks_the_same_number_of_queries_for_many_messages(
    client, held, program, django_assert_max_num_queries
):
    client.force_login(held.user)
    url = reverse("sessions:messages", args=[program.pk])
    for _n in range(12):
        invitation(program)
    client.get(url)

    with django_assert_max_num_queries(8):
        page = client.get(url).content.decode()

    assert page.count("<tr") == 13
    for show in ("sent", "undelivered", "all", "nonsense"):
        assert client.get(url, {"show": show, "q": "nobody"}).status_code == 200


def test_saying_that_it_is_right_finishes_the_step(client, held, program):
    client.force_login(held.user)

    response = client.post(reverse("sessions:messages", args=[program.pk]))

    program.refresh_from_db()
    assert response.status_code == 302
    assert program.steps["messages"] == "done"
