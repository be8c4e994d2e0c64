"""What storing a list makes and changes, and what it leaves alone."""

import datetime as dt

import pytest
from django.urls import reverse

from accounts.models import Placement, User
from programs.actions import people_check, people_store
from programs.models import PeopleImport
from tests.factories.accounts import AppointmentFactory, DepartmentFactory, PlacementFactory, UserFactory
from tests.factories.programs import (
    MembershipFactory,
)
from tests.programs.people.lists import checked, everything

pytestmark = pytest.mark.django_db


def test_storing_makes_people_who_cannot_sign_in_with_placement_relation_grid_and_place(program):
    DepartmentFactory(institution=program.institution, name="surgery")

    people_store.store(checked(program))

    anna = User.objects.get(email="anna@example.org")
    assert not anna.has_usable_password()
    placement = anna.placements.get()
    assert (placement.department.name, placement.training_year, placement.specialty) == (
        "surgery",
        2,
        "Surgery",
    )
    assert anna.availability.answers.startswith("n-")
    assert {r.evaluator.name for r in anna.evaluated_by.all()} == {"boss", "Carla Smit"}
    place = anna.memberships.get()
    assert (place.program, place.state, place.group, place.invited_at) == (program, "invited", None, None)
    assert User.objects.filter(name="Carla Smit").count() == 1
    program.refresh_from_db()
    assert program.steps["people"] == "done"


def test_a_list_with_rows_left_out_leaves_nothing_to_look_at(program):
    lines = checked(program, "name,e-mail,training year\nAnna,anna@example.org,2\nBas,no address,3\n")

    people_store.store(lines)

    program.refresh_from_db()
    assert program.steps["people"] == "done"


@pytest.mark.parametrize("hour", [12, 23])
def test_importing_twice_changes_nothing_also_when_the_house_is_a_day_ahead(program, traveller, hour):
    traveller.move_to(dt.datetime(2027, 1, 11, hour, 30, tzinfo=dt.UTC))
    people_store.store(checked(program))
    before = everything()

    again = checked(program)
    assert people_check.evaluate(again).counts == {"add": 0, "change": 0, "same": 2, "skip": 0}
    people_store.store(again)

    assert everything() == before


def test_an_address_known_elsewhere_is_reused_with_the_same_words_as_a_new_one(program):
    elsewhere = PlacementFactory(user__email="anna@example.org", user__name="Somebody Else").user

    outcome = people_check.evaluate(checked(program))
    assert outcome.counts["add"] == 2
    people_store.store(checked(program))

    elsewhere.refresh_from_db()
    assert elsewhere.name == "Somebody Else"
    assert elsewhere.memberships.get().program == program
    assert User.objects.filter(email="anna@example.org").count() == 1


def test_somebody_who_signs_in_keeps_their_own_name_and_address(program):
    own = UserFactory(email="anna@example.org", name="Anna B.", password="set")
    DepartmentFactory(institution=program.institution, name="Surgery")
    PlacementFactory(
        user=own, department__institution=program.institution, training_year=2, specialty="Surgery"
    )

    people_store.store(checked(program))

    own.refresh_from_db()
    assert own.name == "Anna B."


def test_a_move_to_another_department_ends_the_placement_there(program):
    old = PlacementFactory(
        user__email="anna@example.org",
        user__name="Anna Bakker",
        department__institution=program.institution,
    )

    stored = people_store.store(checked(program))

    old.refresh_from_db()
    assert old.until_on is not None
    assert old.user.placements.current().get().department.name == "Surgery"
    people_store.undo(stored)
    old.refresh_from_db()
    assert old.until_on is None


def test_a_supervisor_who_guides_a_group_is_recognised_by_name(program):
    guide = AppointmentFactory(
        institution=program.institution, role="intervisor", user__name="Smit, Carla"
    ).user

    people_store.store(checked(program))

    assert guide.evaluates.count() == 2


def test_somebody_who_said_not_this_time_is_left_alone(program):
    said_no = MembershipFactory(
        program=program, group=None, user__email="anna@example.org", state="declined", joined_on=None
    )

    people_store.store(checked(program))

    assert said_no.user.memberships.get().state == "declined"


def test_storing_twice_stores_once(client, held, program):
    client.force_login(held.user)
    people_import = checked(program)
    url = reverse("programs:people-store", args=[people_import.pk])

    client.post(url)
    again = client.post(url)

    assert again.status_code == 409
    assert program.memberships.count() == 2


def test_nobody_is_added_to_a_program_that_has_ended(client, held, program):
    people_import = checked(program)
    program.stage = "cancelled"
    program.save()
    client.force_login(held.user)

    refused = client.post(reverse("programs:people-store", args=[people_import.pk]))
    by_hand = client.post(
        reverse("programs:new-person", args=[program.pk]),
        {"name": "Eva Kok", "email": "eva@example.org", "training_year": "1"},
    )

    assert (refused.status_code, by_hand.status_code) == (409, 409)
    assert not program.memberships.exists()


def test_a_workshop_asks_the_discipline_and_no_training_year(client, held, program):
    program.format = "error_coping_workshop"
    program.save()
    client.force_login(held.user)
    page = client.get(reverse("programs:new-person", args=[program.pk])).content.decode()
    assert "id_discipline" in page
    assert "id_training_year" not in page

    pasted = "naam;e-mail;beroep;afdeling\nAnna Bakker;anna@example.org;verloskundige;Vrouw en kind\n"
    client.post(reverse("programs:import-people", args=[program.pk]), {"pasted": pasted})
    people_store.store(PeopleImport.objects.get())

    placement = Placement.objects.get()
    assert (placement.discipline, placement.training_year) == ("verloskundige", None)
