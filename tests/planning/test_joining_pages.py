import datetime as dt
import re

import pytest
import time_machine
from django.urls import reverse

from accounts.models import PersonalLink, User
from accounts.models.time import Availability
from outbox import kinds
from outbox.models import Message
from outbox.rendering import render
from programs import join_links
from programs.actions import joining, waiting
from programs.models import Group, Interest, JoinRequest, Membership
from tests.factories.accounts import DepartmentFactory, PlacementFactory, UserFactory
from tests.factories.programs import (
    EvaluativeRelationFactory,
    GroupFactory,
    GuideFactory,
    MembershipFactory,
    ProgramFactory,
    ProgramTextFactory,
)
from tests.factories.sessions import GroupSessionFactory

pytestmark = pytest.mark.django_db
MONDAY = dt.datetime(2027, 1, 4, 8, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)


@pytest.fixture(autouse=True)
def on_a_monday():
    with time_machine.travel(MONDAY, tick=False) as traveller:
        yield traveller


@pytest.fixture
def program():
    return ProgramFactory(stage="recruiting", joining="open", title="Thinking together")


def group_of(program, **fields):
    group = GroupFactory(program=program, **fields)
    GuideFactory(group=group, user__name=f"Guide of {group.name}")
    return group


def public(program):
    return reverse("joining:program", args=[program.join_key])


def newcomer(program, user=None):
    return joining.enter(program, user or UserFactory(), joining.Newcomer())


def page(answer):
    return answer.content.decode()


def without_token(answer):
    """The page but for the secret of its forms, which differs each time."""
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", page(answer))


def mailed_path(message):
    email = render(message, kinds.find(message.kind), at=MONDAY)
    return re.search(r"https?://[^/]+(/\S+)", email.body)[1], email


def test_the_public_page_shows_groups_and_never_a_member(client, program):
    ProgramTextFactory(program=program, purpose_en="To think together", limits_en="No therapy")
    group = group_of(program, half_day=3, places=7)
    member = MembershipFactory(group=group, user__name="Seated Resident")
    PlacementFactory(user=member.user, department__institution=program.institution, training_year=4)
    GroupSessionFactory(group=group, starts_at=MONDAY + DAY, ends_at=MONDAY + DAY * 1.1)

    shown = page(client.get(public(program)))

    assert "Seated Resident" not in shown
    for part in (
        "6 places free",
        f"Guide of {group.name}",
        "Tuesday",
        "First session",
        "To think together",
        "4",
    ):
        assert part in shown


def test_known_and_unknown_addresses_get_the_same_answer(client, program):
    UserFactory(email="known@example.org")

    known = client.post(public(program), {"email": "known@example.org"}, follow=True)
    unknown = client.post(public(program), {"email": "unknown@example.org"}, follow=True)

    assert without_token(known) == without_token(unknown)
    assert Message.objects.count() == 2


def test_a_stranger_comes_in_by_the_mailed_link_and_takes_a_seat(client, program):
    group, department = group_of(program), DepartmentFactory(institution=program.institution)
    client.post(public(program), {"email": "new@example.org"})
    path, email = mailed_path(Message.objects.get())
    assert email.to == ["new@example.org"]
    assert "Your name" in page(client.get(path))
    assert not User.objects.filter(email="new@example.org").exists()

    client.post(path, {"name": "New Person", "department": department.pk, "training_year": "2"})
    place = Membership.objects.get()
    choose = reverse("joining:groups", args=[place.pk])
    assert f"Join {group.name}" in page(client.get(choose))
    client.post(choose, {"group": group.pk})

    place.refresh_from_db()
    assert (place.group, place.state, place.user.name) == (group, "active", "New Person")
    assert client.get(reverse("programs:my-place", args=[place.pk])).status_code == 200


def test_opening_the_mailed_link_changes_nothing_since_scanners_follow_links(client, program):
    request = joining.join_request(program, "new@example.org", at=MONDAY)

    client.get(join_links.address_of(request))

    assert (JoinRequest.objects.get().counter, User.objects.filter(email="new@example.org").count()) == (0, 0)


def test_somebody_we_know_is_asked_nothing_we_know(client, program):
    person = PlacementFactory(department__institution=program.institution).user
    request = joining.join_request(program, person.email, at=MONDAY)

    shown = page(client.get(join_links.address_of(request)))

    assert "Your name" not in shown
    assert "Training year" not in shown


@pytest.mark.parametrize("spoil", ["used", "old", "forged", "over"])
def test_a_link_that_does_not_open_says_so_and_what_to_do(client, program, spoil, on_a_monday):
    request = joining.join_request(program, "new@example.org", at=MONDAY)
    address = join_links.address_of(request)
    if spoil == "used":
        client.post(address, {"name": "New Person"})
    elif spoil == "old":
        on_a_monday.shift(dt.timedelta(days=8))
    elif spoil == "over":
        program.stage = "running"
        program.save()
    else:
        address = address[:-2] + "x/"

    answer = client.get(address)

    assert answer.status_code == (404 if spoil == "forged" else 410)
    assert "link" in page(answer)


def test_a_key_that_was_renewed_leads_to_a_clear_page(client, program):
    old = public(program)
    joining.renew_key(program)

    answer = client.get(old)

    assert (answer.status_code, "leads nowhere" in page(answer)) == (404, True)


def test_a_program_that_runs_says_that_one_cannot_join_and_where_to_ask(client, program):
    program.stage = "running"
    program.save()

    answer = client.get(public(program))

    assert answer.status_code == 410
    assert reverse("programs:open", args=[program.institution.slug]) in page(answer)


def test_groups_come_best_fit_first_and_never_with_an_evaluator(client, program):
    place = newcomer(program)
    Availability.objects.create(user=place.user, answers="nnnnffffffffff")
    badly, well = group_of(program, half_day=0, name="A"), group_of(program, half_day=6, name="B")
    hidden = group_of(program, name="C")
    EvaluativeRelationFactory(
        institution=program.institution, evaluator=hidden.guides.get().user, resident=place.user
    )
    client.force_login(place.user)

    shown = page(client.get(reverse("joining:groups", args=[place.pk])))

    assert shown.index(f"name-{well.pk}") < shown.index(f"name-{badly.pk}")
    assert str(hidden.pk) not in shown
    assert "Fits your week" in shown


def test_too_late_for_the_last_place_says_so_and_offers_the_list(client, program):
    place, group = newcomer(program), group_of(program, places=1)
    client.force_login(place.user)
    joining.join(newcomer(program), group)

    answer = client.post(reverse("joining:groups", args=[place.pk]), {"group": group.pk})

    assert answer.status_code == 409
    assert "just been filled" in page(answer)
    assert f"Wait for a place in {group.name}" in page(answer)


def test_waiting_then_the_offer_then_the_place(client, program):
    group = group_of(program, places=1)
    joining.join(newcomer(program), group)
    place = newcomer(program)
    client.force_login(place.user)

    client.post(reverse("joining:wait", args=[place.pk]), {"group": group.pk})
    Group.objects.filter(pk=group.pk).update(places=2)
    waiting.renew_in(program, at=MONDAY)
    shown = page(client.get(reverse("joining:groups", args=[place.pk])))
    assert "A place is held for you" in shown
    client.post(reverse("joining:offer", args=[place.pk]))

    place.refresh_from_db()
    assert (place.group, place.state) == (group, "active")


def test_who_waits_no_longer_or_for_an_intake_is_not_said_to_wait_for_a_group(client, program):
    place = newcomer(program)
    client.force_login(place.user)
    groups = reverse("joining:groups", args=[place.pk])
    place.waiting_places.create(kind="intake", program=program)
    ended = place.waiting_places.create(kind="group", program=program)
    said = "You are on the waiting list"

    assert said in page(client.get(groups))
    ended.ended_at = MONDAY
    ended.save()
    assert said not in page(client.get(groups))


def test_with_a_seat_one_waits_for_a_full_group_and_is_told_what_happens(client, program):
    full, own = group_of(program, places=1), group_of(program)
    joining.join(newcomer(program), full)
    place = joining.join(newcomer(program), own)
    client.force_login(place.user)
    groups = reverse("joining:groups", args=[place.pk])
    assert f"Wait for a place in {full.name}" in client.get(groups).content.decode()

    client.post(reverse("joining:wait", args=[place.pk]), {"group": full.pk})

    page = client.get(groups).content.decode()
    assert "You keep your own place until one is free there." in page
    assert "Wait for a place in" not in page


def test_a_group_without_a_lead_is_not_shown(client, program):
    GroupFactory(program=program, name="Nobody leads it")
    place = newcomer(program)
    client.force_login(place.user)

    for url in (
        reverse("joining:program", args=[program.join_key]),
        reverse("joining:groups", args=[place.pk]),
    ):
        assert "Nobody leads it" not in client.get(url).content.decode()


def test_a_forged_group_of_another_program_is_not_there(client, program):
    place, foreign = newcomer(program), group_of(ProgramFactory(stage="recruiting", joining="open"))
    client.force_login(place.user)

    for name in ("joining:groups", "joining:wait"):
        assert client.post(reverse(name, args=[place.pk]), {"group": foreign.pk}).status_code == 404
    assert client.post(reverse("joining:groups", args=[place.pk]), {"group": "x"}).status_code == 404


def test_whoever_is_signed_in_goes_on_as_themselves(client, program):
    person = UserFactory()
    client.force_login(person)

    client.post(reverse("joining:enter", args=[program.join_key]))

    assert Membership.objects.get().user == person
    assert not PersonalLink.objects.exists()


def test_the_page_of_open_programs_lists_them_and_takes_interest(client, program):
    ProgramFactory(institution=program.institution, stage="draft", joining="open", title="Not yet")
    address = reverse("programs:open", args=[program.institution.slug])

    client.post(address, {"name": "Interested", "email": "i@example.org"})
    shown = page(client.get(address))

    assert ("Thinking together" in shown, "Not yet" in shown) == (True, False)
    assert Interest.objects.get().name == "Interested"


def test_what_was_typed_wrong_is_kept(client, program):
    answer = client.post(public(program), {"email": "not an address"})

    assert (answer.status_code, "not an address" in page(answer)) == (422, True)


def test_the_code_is_a_picture_of_the_link(client, program):
    from tests.factories.programs import ProgramCoordinatorFactory

    client.force_login(ProgramCoordinatorFactory(program=program).user)

    answer = client.get(reverse("programs:joining-code", args=[program.pk]))

    assert answer["Content-Type"] == "image/svg+xml"
    assert answer.content.startswith(b"<?xml")
    assert b"style=" not in answer.content


@pytest.mark.parametrize("size", [3, 30])
def test_the_public_page_asks_as_much_for_many_groups_as_for_few(
    client, program, size, django_assert_max_num_queries
):
    for _ in range(size):
        group = group_of(program)
        MembershipFactory(group=group)

    with django_assert_max_num_queries(8):
        client.get(public(program))
