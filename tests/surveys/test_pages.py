"""The pages as people meet them: in the room, by mail, too late, twice, and afterwards."""

import datetime as dt
import re
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from accounts import links
from intervision import clock
from outbox import kinds
from outbox.mail import Gone, Mail
from outbox.models import Message
from outbox.rendering import get_plain
from surveys import outcomes, tallies
from surveys.actions.closing import close_due
from surveys.actions.telling import CLOSING, OPENED
from surveys.models import Kind, Receipt, Tally, Window
from surveys.questions import Question
from tests.factories.links import come_by_link
from tests.factories.programs import GuideFactory, MembershipFactory, ProgramCoordinatorFactory
from tests.factories.sessions import GroupSessionFactory
from tests.factories.surveys import CLOSES, NEXT, PULSE, all_answer, group_of, window

pytestmark = pytest.mark.django_db
HOUR = dt.timedelta(hours=1)
GIVEN = {question.key: "4" for question in PULSE}


@pytest.fixture
def here():
    """A group of five whose questions are open now."""
    group, users = group_of(5, program__stage="running")
    now = clock.now()
    return window(group, opens_at=now - HOUR, closes_at=now + 24 * HOUR), users


def page(asked):
    return reverse("surveys:answer", args=[asked.pk])


def test_one_page_with_radio_buttons_and_then_thanks(client, here):
    asked, (user, *_) = here
    client.force_login(user)

    first = client.get(page(asked)).content.decode()
    answered = client.post(page(asked), GIVEN, follow=True).content.decode()

    assert first.count('type="radio"') == 15
    assert "<textarea" not in first
    assert "Thank you" in answered
    assert tallies.answers(tallies.counts(asked, Tally.objects.get())) == 1


def test_a_second_post_changes_nothing_and_is_thanked_again(client, here):
    asked, (user, *_) = here
    client.force_login(user)
    for value in ("4", "1"):
        told = client.post(page(asked), dict.fromkeys(GIVEN, value), follow=True)

    assert "Thank you" in told.content.decode()
    assert {count[3] for count in tallies.counts(asked, Tally.objects.get()).values()} == {1}


@pytest.mark.parametrize("bad", ["", "0", "6", "x", "4.5", "٤", "4\u200b"])
def test_what_is_no_answer_comes_back_with_the_rest_kept(client, here, bad):
    asked, (user, *_) = here
    client.force_login(user)

    told = client.post(page(asked), GIVEN | {"min-depth-felt": bad})

    assert told.status_code == 422
    assert told.content.decode().count("checked") == 2
    assert not Receipt.objects.exists()


def test_after_one_list_comes_the_next_of_the_same_group(client, here):
    asked, (user, *_) = here
    now = clock.now()
    first = window(
        asked.group,
        kind=Kind.FIRST,
        pair=None,
        questions=[Question("prep-composition-trust")],
        opens_at=now - HOUR,
        closes_at=now + 48 * HOUR,
    )
    client.force_login(user)

    assert client.post(page(asked), GIVEN).url == page(first)


def test_no_list_of_another_group_or_of_another_time_comes_next(client, here):
    asked, (user, *_) = here
    now = clock.now()
    other = MembershipFactory(user=user).group
    window(other, opens_at=now - HOUR, closes_at=now + HOUR)
    window(asked.group, 3, opens_at=now + HOUR, closes_at=now + 2 * HOUR)
    client.force_login(user)

    assert client.post(page(asked), GIVEN).url == page(asked)


def test_the_code_in_the_room_is_of_this_session_and_of_no_other(client, here):
    asked, _users = here
    guide = GuideFactory(group=asked.group).user
    own, without = (GroupSessionFactory(group=asked.group, starts_at=clock.now() - HOUR * n) for n in (1, 9))
    Window.objects.filter(pk=asked.pk).update(about_id=own.pk)
    client.force_login(guide)

    shown = [client.get(reverse("surveys:show", args=[row.pk])).context["window"] for row in (own, without)]
    codes = [client.get(reverse("surveys:code", args=[row.pk])).status_code for row in (own, without)]

    assert shown == [asked, None]
    assert codes == [200, 404]


def test_too_late_says_until_when(client, here, time_machine):
    asked, (user, *_) = here
    time_machine.move_to(asked.closes_at)
    client.force_login(user)

    told = client.post(page(asked), GIVEN)

    assert told.status_code == 409
    assert "These questions are closed" in told.content.decode()
    assert not Receipt.objects.exists()


def test_the_code_of_the_room_works_with_a_link_about_another_program_in_hand_as_well(client, here):
    asked, (user, *_) = here
    mine = user.memberships.get()
    come_by_link(client, user, about_id=mine.pk)
    come_by_link(client, user, about_id=MembershipFactory(user=user).pk)

    assert client.get(page(asked)).status_code == 200


def test_a_link_about_another_program_alone_opens_nothing(client, here):
    asked, (user, *_) = here
    come_by_link(client, user, about_id=MembershipFactory(user=user).pk)
    assert client.get(page(asked)).status_code == 404


def test_a_remembered_phone_opens_it_for_the_seat_it_was_remembered_for(client, here):
    asked, (mine, *_) = here
    for about, status in ((mine.memberships.get().pk, 200), (MembershipFactory(user=mine).pk, 404)):
        phone = Client()
        address = links.address(
            mine, purpose="take_part", about_id=about, path="/", expires_at=asked.closes_at
        )
        phone.post(urlsplit(address).path, {"remember": "on"})
        del phone.cookies[settings.SESSION_COOKIE_NAME]
        assert phone.get(page(asked)).status_code == status


def test_a_link_for_guides_is_no_link_of_a_member(client, here):
    asked, (user, *_) = here
    come_by_link(client, user, purpose="guide", about_id=user.memberships.get().pk)
    come_by_link(client, user, about_id=MembershipFactory(user=user).pk)

    assert client.get(page(asked)).status_code == 404


def test_whoever_takes_a_break_finds_nothing_by_their_link(client, here):
    asked, (user, *_) = here
    come_by_link(client, user, about_id=user.memberships.get().pk)
    user.memberships.update(paused_from=clock.today())

    assert client.get(page(asked)).status_code == 404
    client.force_login(user)
    assert client.get(page(asked)).status_code == 403


def letter(kind, asked, user, at):
    found = kinds.find(kind)
    assert found is not None
    return found.render(asked.pk, user, at)


def test_the_mail_leads_to_the_page_whoever_answered_and_names_nothing(client, here):
    asked, users = here
    all_answer(asked, users[:1])
    for user in users:
        told = letter(OPENED, asked, user, clock.now())
        assert isinstance(told, Mail)
        text = get_plain(told.template, dict(told.context))
        assert re.search(r"/link/\S+", text)
        assert asked.group.name not in text + told.subject


def test_everybody_gets_the_same_mails(here):
    group, users = here[0].group, here[1]
    now = clock.now()
    long = window(group, kind=Kind.MIDWAY, pair=None, opens_at=now + HOUR, closes_at=now + 240 * HOUR)
    told = Message.objects.filter(about_id=long.pk).values_list("recipient", "kind")
    assert sorted(told) == sorted((user.pk, kind) for user in users for kind in (OPENED, CLOSING))


def test_no_mail_leads_to_what_is_closed_or_to_who_left(here):
    asked, (user, *_) = here
    assert isinstance(letter(OPENED, asked, user, asked.closes_at), Gone)
    user.memberships.update(state="left", left_on="2026-01-02")
    assert isinstance(letter(OPENED, asked, user, clock.now()), Gone)


def test_no_mail_asks_questions_of_who_has_not_said_yes(here):
    asked, (user, *_) = here
    user.memberships.update(state="placed")
    assert isinstance(letter(OPENED, asked, user, clock.now()), Gone)
    user.memberships.update(state="active")
    assert isinstance(letter(OPENED, asked, user, clock.now()), Mail)


def test_group_and_guide_read_words_and_no_number(client, here):
    asked, users = here
    guide = GuideFactory(group=asked.group).user
    all_answer(asked, users)
    close_due(at=asked.closes_at)
    address = reverse("surveys:group", args=[asked.group_id])
    for user in (guide, users[0]):
        client.force_login(user)
        told = client.get(address).content.decode()
        assert len(re.findall(r"Good\s*<", told)) == 3
        assert "too few" not in told.lower()
        assert not re.search(r"\b5 (people|answers|members)", told)


def test_what_a_group_said_is_not_read_by_who_has_a_seat_and_not_said_yes(client, here):
    asked, (user, *_) = here
    client.force_login(user)
    address = reverse("surveys:group", args=[asked.group_id])
    assert client.get(address).status_code == 200
    user.memberships.update(state="placed")
    assert client.get(address).status_code == 403


def test_too_few_say_so_and_when_the_next_chance_is(client, here):
    asked, users = here
    all_answer(asked, users[:4])
    close_due(at=asked.closes_at)
    client.force_login(users[0])
    _, coming = (
        GroupSessionFactory(group=asked.group, starts_at=clock.now() + hours * HOUR) for hours in (-9, 9)
    )

    told = client.get(reverse("surveys:group", args=[asked.group_id]))

    assert "Too few answers to show anything" in told.content.decode()
    assert told.context["next"] == coming


def test_the_page_of_the_group_leads_to_questions_until_one_has_answered(client, here):
    asked, (user, fellow, *_) = here

    def leads(reader):
        client.force_login(reader)
        shown = client.get(reverse("surveys:group", args=[asked.group_id])).content.decode()
        return page(asked) in shown

    assert [leads(user), leads(GuideFactory(group=asked.group).user)] == [True, False]
    client.force_login(user)
    client.post(page(asked), GIVEN)
    assert [leads(user), leads(fellow)] == [False, True]


def test_two_sessions_that_are_shown_together_are_one_line(client, time_machine):
    group, users = group_of(5)
    for number, some in ((1, users[:4]), (2, users[1:])):
        all_answer(window(group, number), some)
    time_machine.move_to(CLOSES + NEXT)
    for at in (CLOSES, CLOSES + NEXT):
        close_due(at=at)
    client.force_login(users[0])

    told = client.get(reverse("surveys:group", args=[group.pk]))

    assert "Sessions 1 and 2 together" in told.content.decode()
    assert [line["window"].number for line in told.context["lines"]] == [2]


def test_the_coordinator_reads_the_pooled_words_and_never_the_group_page(client, here):
    asked, users = here
    coordinator = ProgramCoordinatorFactory(program=asked.group.program).user
    all_answer(asked, users)
    close_due(at=asked.pool.closes_at)
    client.force_login(coordinator)

    pooled = client.get(reverse("surveys:program", args=[asked.group.program_id])).content.decode()

    assert len(re.findall(r"Good\s*<", pooled)) == 3
    assert client.get(reverse("surveys:group", args=[asked.group_id])).status_code == 403


def test_what_is_still_to_be_asked_is_no_line_of_the_program(client, here):
    asked, _ = here
    opens_at = clock.now() + 100 * HOUR
    later = window(
        asked.group, 3, opens_at=opens_at, closes_at=opens_at + HOUR, pool_closes_at=opens_at + 2 * HOUR
    )
    client.force_login(ProgramCoordinatorFactory(program=asked.group.program).user)

    lines = client.get(reverse("surveys:program", args=[asked.group.program_id])).context["lines"]

    assert later.pool != asked.pool
    assert [line["pool"] for line in lines] == [asked.pool]


def test_outcomes_can_be_left_out_as_one_and_lead_on(client, here):
    asked, (user, *_) = here
    now = clock.now()
    times = {"opens_at": now - HOUR, "closes_at": now + 24 * HOUR, "pair": None, "waits_until": None}
    hoped = window(
        asked.group, number=0, kind=Kind.HOPED, questions=outcomes.questions("intervision"), **times
    )
    client.force_login(user)

    told = client.get(page(hoped)).content.decode()

    assert told.count('type="radio"') == 40
    assert "You may leave these out" in told
    assert f'href="{page(asked)}"' in told
    assert "You may leave these out" not in client.get(page(asked)).content.decode()
