"""The list of a program: one person in or out by hand, and the page itself."""

import pytest
from django.urls import reverse

from intervision import clock
from programs.actions import people_check, people_store
from tests.factories.accounts import PlacementFactory
from tests.factories.programs import GroupFactory, MembershipFactory
from tests.programs.people.lists import LIST, checked

pytestmark = pytest.mark.django_db


def test_one_person_is_added_and_taken_out_by_hand_with_undo(client, held, program):
    client.force_login(held.user)
    url = reverse("programs:new-person", args=[program.pk])
    assert client.get(url).status_code == 200
    assert client.post(url, {"name": "Eva Kok", "email": "eva"}).status_code == 422
    client.post(url, {"name": "Eva Kok", "email": "eva@example.org", "training_year": "1"})
    place = program.memberships.get()
    assert place.user.placements.get().department.name == "Department not yet known"

    client.post(reverse("programs:remove-person", args=[program.pk, place.pk]))
    assert not program.memberships.exists()
    step = program.undoable_steps.get()
    restore = reverse("programs:restore-person", args=[program.pk, step.pk])
    client.post(restore)
    client.post(restore)

    assert program.memberships.get().user == place.user


def test_the_list_says_where_somebody_works_in_this_house_today(client, held, program):
    client.force_login(held.user)
    place, house = MembershipFactory(group=GroupFactory(program=program)), program.institution
    here = PlacementFactory(user=place.user, department__institution=house)
    PlacementFactory(user=place.user, department__institution=house, until_on=here.from_on)
    PlacementFactory(user=place.user)

    (listed,) = client.get(reverse("programs:people", args=[program.pk])).context["page"]

    assert listed.user.here == [here]


def test_whoever_was_invited_is_not_taken_out_here(client, held, program):
    client.force_login(held.user)
    place = MembershipFactory(group=GroupFactory(program=program), invited_at=clock.now())

    response = client.post(reverse("programs:remove-person", args=[program.pk, place.pk]))

    assert response.status_code == 409
    assert program.memberships.exists()


def test_the_list_asks_the_same_number_of_queries_for_many_people(
    client, held, program, django_assert_max_num_queries
):
    client.force_login(held.user)
    rows = "".join(
        f"Person {n} Name;p{n}@example.org;{n % 6 + 1};S;D{n % 5};boss@example.org;\n" for n in range(60)
    )
    stored = checked(program, LIST.splitlines()[0] + "\n" + rows)
    people_check.answer(stored, {q.key: "apart" for q in people_check.evaluate(stored).questions})
    people_store.store(stored)

    client.get(reverse("programs:people", args=[program.pk]))  # notes in the session that it is in use
    with django_assert_max_num_queries(8):
        page = client.get(reverse("programs:people", args=[program.pk])).content.decode()

    assert page.count("<tr") == 51
    found = client.get(reverse("programs:people", args=[program.pk]), {"q": "Person 7 "}).content.decode()
    assert found.count("<tr") == 2
    csv = client.get(reverse("programs:people-csv", args=[program.pk])).content.decode("utf-8-sig")
    assert len(csv.splitlines()) == 61
    assert client.get(reverse("programs:people-example", args=[program.pk])).status_code == 200
