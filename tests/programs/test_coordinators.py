import datetime as dt

import pytest
from django.urls import reverse

from programs.actions import coordinators as actions
from programs.errors import EvaluatorInGroup, LastCoordinator
from tests.factories.accounts import AppointmentFactory
from tests.factories.programs import (
    EvaluativeRelationFactory,
    GroupFactory,
    MembershipFactory,
    ProgramCoordinatorFactory,
)

LONG_OVER = dt.date(2021, 6, 1)
pytestmark = pytest.mark.django_db


@pytest.fixture
def held():
    return ProgramCoordinatorFactory()


def colleague_of(held):
    return AppointmentFactory(institution=held.program.institution).user


def test_a_colleague_is_added_and_ended_with_undo(client, held):
    program, colleague = held.program, colleague_of(held)
    client.force_login(held.user)
    url = reverse("programs:coordinators", args=[program.pk])
    assert colleague.name in client.get(url).content.decode()

    client.post(url, {"user": colleague.pk})
    client.post(url, {"user": colleague.pk})
    assert program.coordinators.current().count() == 2

    mine = reverse("programs:end-coordinator", args=[program.pk, held.pk])
    assert client.post(mine).url == reverse("programs:list")
    assert client.get(url).status_code == 404
    client.force_login(colleague)
    client.post(reverse("programs:resume-coordinator", args=[program.pk, held.pk]))
    client.force_login(held.user)
    assert client.get(url).status_code == 200


def test_the_last_coordinator_stays(client, held):
    client.force_login(held.user)

    response = client.post(reverse("programs:end-coordinator", args=[held.program.pk, held.pk]))

    assert response.status_code == 409
    with pytest.raises(LastCoordinator):
        actions.end_coordination(held)


def test_nobody_without_an_appointment_and_no_evaluator_of_a_member_coordinates(client, held):
    program, colleague = held.program, colleague_of(held)
    stranger = AppointmentFactory().user
    row = MembershipFactory(group=GroupFactory(program=program))
    EvaluativeRelationFactory(evaluator=colleague, resident=row.user)
    client.force_login(held.user)
    url = reverse("programs:coordinators", args=[program.pk])

    assert client.post(url, {"user": stranger.pk}).status_code == 422
    assert client.post(url, {"user": colleague.pk}).status_code == 422
    with pytest.raises(EvaluatorInGroup):
        actions.add_coordinator(program, colleague)


def test_only_who_is_appointed_today_and_does_not_run_it_yet_is_offered_the_program(client, held):
    program, colleague = held.program, colleague_of(held)
    over = AppointmentFactory(institution=program.institution, until_on=LONG_OVER).user
    director = AppointmentFactory(institution=program.institution, role="director").user
    client.force_login(held.user)
    url = reverse("programs:coordinators", args=[program.pk])

    assert set(client.get(url).context["form"].fields["user"].queryset) == {colleague}
    for nobody in (over, director, held.user):
        assert client.post(url, {"user": nobody.pk}).status_code == 422
    assert program.coordinators.count() == 1


def test_who_ran_it_once_is_offered_again_and_not_listed_among_who_runs_it(client, held):
    program, before = held.program, colleague_of(held)
    ProgramCoordinatorFactory(program=program, user=before, until_on=LONG_OVER)
    client.force_login(held.user)

    page = client.get(reverse("programs:coordinators", args=[program.pk])).context

    assert list(page["held"]) == [held]
    assert set(page["form"].fields["user"].queryset) == {before}
