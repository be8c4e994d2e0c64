"""Taking a list back: exactly what it made and changed, until somebody was invited."""

import pytest

from accounts.models import User
from intervision import clock
from programs.actions import people_check, people_store
from programs.errors import ImportStored, InvitationsOut
from tests.factories.accounts import UserFactory
from tests.programs.people.lists import LIST, checked, everything

pytestmark = pytest.mark.django_db


def test_a_second_list_changes_what_it_says_and_undo_puts_it_back(program):
    people_store.store(checked(program))
    before = everything()
    text = LIST.replace("anna@example.org;2", "anna@example.org;4").replace("Bram Visser", "Bram de Visser")
    changing = checked(program, text)
    assert people_check.evaluate(changing).counts["change"] == 2

    stored = people_store.store(changing)

    anna, bram = (User.objects.get(email=f"{who}@example.org") for who in ("anna", "bram"))
    assert (anna.placements.get().training_year, bram.name) == (4, "Bram de Visser")
    people_store.undo(stored)
    anna, bram = (User.objects.get(email=f"{who}@example.org") for who in ("anna", "bram"))
    assert (anna.placements.get().training_year, bram.name) == (2, "Bram Visser")
    assert everything() == before


def test_undo_removes_exactly_what_was_made(program):
    UserFactory(email="boss@example.org")
    before = everything()

    stored = people_store.store(checked(program))
    assert everything() != before
    people_store.undo(stored)

    assert everything() == before
    with pytest.raises(ImportStored):
        people_store.undo(stored)


def test_undo_ends_with_the_first_invitation(program):
    stored = people_store.store(checked(program))
    program.memberships.filter(user__email="anna@example.org").update(invited_at=clock.now())

    with pytest.raises(InvitationsOut):
        people_store.undo(stored)

    assert program.memberships.count() == 2
