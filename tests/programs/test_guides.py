"""The directory of guides, and each guide's own word on independence."""

import datetime as dt

import pytest
import time_machine
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.urls import reverse

from accounts.models import User
from outbox.models import Message
from programs.actions import groups
from programs.actions import guides as actions
from programs.errors import CoordinatesTheProgram
from programs.independence import Independence, statuses
from programs.models import EvaluativeRelation, Guide, Program
from tests.factories.accounts import InstitutionFactory, UserFactory
from tests.factories.links import come_by_link
from tests.factories.programs import (
    FacilitatorProfileFactory,
    GroupFactory,
    GuideFactory,
    MembershipFactory,
    ProgramCoordinatorFactory,
)

NOW = dt.datetime(2026, 11, 2, 9, tzinfo=dt.UTC)
TODAY = NOW.date()

pytestmark = pytest.mark.django_db


@pytest.fixture
def guide():
    return GuideFactory()


@pytest.fixture
def coordinator(guide, client):
    user = ProgramCoordinatorFactory(program=guide.group.program).user
    client.force_login(user)
    return user


def test_a_known_address_is_that_person_whatever_name_was_typed(guide):
    known = UserFactory(name="Willem de Groot", email="w.degroot@example.org")

    profile = actions.add_guide(
        guide.group.program.institution, name="Somebody Else", email="W.deGroot@example.org", on=TODAY
    )

    assert (profile.user, profile.user.name) == (known, "Willem de Groot")


def test_a_new_guide_cannot_sign_in_until_invited(guide):
    profile = actions.add_guide(
        guide.group.program.institution, name="Saskia Otten", email="s@example.org", on=TODAY
    )

    assert not profile.user.has_usable_password()
    assert profile.user.holds("intervisor", guide.group.program.institution)


def test_a_guide_who_declares_to_evaluate_nobody_is_known_to_be_independent(guide):
    member = MembershipFactory(group=guide.group).user

    actions.declare(guide, evaluates=[], members=[member], on=TODAY)

    assert statuses([guide.user_id], [member.pk], TODAY) == {
        (guide.user_id, member.pk): Independence.INDEPENDENT
    }


def test_a_guide_who_declares_to_evaluate_a_member_is_suspended_at_once(guide):
    member = MembershipFactory(group=guide.group).user

    actions.declare(guide, evaluates=[member], members=[member], on=TODAY)

    guide.refresh_from_db()
    assert guide.suspended_from == TODAY


def test_who_was_appointed_for_less_long_as_something_else_or_elsewhere_guides_nobody(guide):
    held = guide.user.appointments
    assert guide in Guide.objects.active()

    held.update(until_on=guide.from_on)
    assert guide not in Guide.objects.active()
    held.update(until_on=None, role="director")
    assert guide not in Guide.objects.active()
    held.update(role="intervisor", institution=InstitutionFactory())
    assert guide not in Guide.objects.active()


def test_a_declaration_mended_takes_the_relation_back_but_not_the_suspension(guide):
    member = MembershipFactory(group=guide.group).user
    actions.declare(guide, evaluates=[member], members=[member], on=TODAY)

    actions.declare(guide, evaluates=[], members=[member], on=TODAY)

    guide.refresh_from_db()
    assert not EvaluativeRelation.objects.exists()
    assert guide.suspended_from == TODAY


def test_whoever_joins_after_the_declaration_is_not_yet_known(guide):
    actions.declare(guide, evaluates=[], members=[], on=TODAY)
    later = MembershipFactory(group=guide.group).user

    assert statuses([guide.user_id], [later.pk], TODAY) == {(guide.user_id, later.pk): Independence.NOT_KNOWN}


def test_a_guide_is_asked_once_for_each_composition_of_the_group(guide):
    MembershipFactory(group=guide.group)
    asked = [actions.ask_guides(guide.group.program, at=NOW) for _ in range(2)]
    MembershipFactory(group=guide.group)
    actions.ask_guides(guide.group.program, at=NOW)

    assert asked == [1, 1]
    assert Message.objects.filter(kind=actions.ASK).count() == 2


def test_a_guide_answers_on_their_own_page(guide, client):
    member = MembershipFactory(group=guide.group).user
    client.force_login(guide.user)

    answer = client.post(
        reverse("programs:declare", args=[guide.pk]), {"evaluates": [member.pk]}, follow=True
    )

    assert "you cannot open anything of it" in answer.content.decode()


def test_who_is_independent_is_led_on_to_their_interviews_and_who_is_not_is_led_nowhere(guide, client):
    member = MembershipFactory(group=guide.group).user
    client.force_login(guide.user)
    on = reverse("programs:guide-intakes", args=[guide.group.program_id])

    def answered(**data):
        data |= {"sent": "1"}  # as a browser always sends something
        return client.post(reverse("programs:declare", args=[guide.pk]), data, follow=True).content.decode()

    assert on in answered()
    Program.objects.filter(pk=guide.group.program_id).update(format="peer_support")
    assert on not in answered()
    Program.objects.filter(pk=guide.group.program_id).update(format="intervision")
    client.logout()
    come_by_link(client, guide.user, purpose="guide", about_id=guide.pk)
    assert "you are independent" in (page := answered())
    assert on not in page, "their link opens this page only"
    assert on not in answered(evaluates=[member.pk])


def test_a_relation_noted_by_the_coordinator_says_who_is_suspended(guide, coordinator, client):
    member = MembershipFactory(group=guide.group).user
    data = {
        "resident": member.pk,
        "kind": "supervises",
        "name": guide.user.name,
        "email": guide.user.email,
        "from_on": "2026-11-01",
    }

    page = client.post(
        reverse("programs:add-relation", args=[guide.group.program.pk]), data, follow=True
    ).content.decode()

    assert "1 person is suspended" in page
    assert Guide.objects.get(pk=guide.pk).suspended_from == dt.date(2026, 11, 1)


def test_nobody_can_be_noted_to_evaluate_themselves(guide, coordinator, client):
    member = MembershipFactory(group=guide.group).user
    data = {
        "resident": member.pk,
        "kind": "supervises",
        "name": member.name,
        "email": member.email,
        "from_on": "2026-11-01",
    }

    answer = client.post(reverse("programs:add-relation", args=[guide.group.program.pk]), data)

    assert answer.status_code == 422
    assert not EvaluativeRelation.objects.exists()


@pytest.mark.parametrize("size", [3, 30])
def test_the_directory_asks_the_same_questions_however_many_guides(
    size, guide, coordinator, client, django_assert_max_num_queries
):
    program = guide.group.program
    for _ in range(size):
        actions.declare(guide, evaluates=[], members=[], on=TODAY)
        FacilitatorProfileFactory(institution=program.institution)
        MembershipFactory(group=None, program=program, state="invited", joined_on=None)
    client.get(reverse("programs:guides", args=[program.pk]))

    with django_assert_max_num_queries(8):
        client.get(reverse("programs:guides", args=[program.pk]))
    assert User.objects.count() > size


def test_the_question_to_a_guide_leads_to_their_page_and_names_nobody(guide, mailoutbox):
    member = MembershipFactory(group=guide.group, user__name="Marijke Verhoeven").user
    actions.ask_guides(guide.group.program, at=NOW)

    call_command("run_due")

    (mail,) = mailoutbox
    assert "/link/" in mail.body
    assert member.name not in mail.body + mail.alternatives[0][0]


def test_a_suspended_guide_reads_no_names_on_the_page_that_asks(guide, client):
    member = MembershipFactory(group=guide.group).user
    actions.declare(guide, evaluates=[member], members=[member], on=TODAY)
    client.force_login(guide.user)

    with time_machine.travel(NOW):
        answer = client.get(reverse("programs:declare", args=[guide.pk]))

    assert answer.status_code == 404


def test_whoever_coordinates_a_program_does_not_guide_a_group_of_it(guide, coordinator):
    other = GroupFactory(program=guide.group.program)

    with pytest.raises(CoordinatesTheProgram):
        groups.assign_guide(other, coordinator, role="lead", from_on=TODAY)

    assert not other.guides.exists()


def test_a_guide_does_not_become_a_coordinator_of_the_same_program(guide):
    with pytest.raises(IntegrityError), transaction.atomic():
        ProgramCoordinatorFactory(program=guide.group.program, user=guide.user)
