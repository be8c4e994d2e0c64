"""Each condition of a right by itself: all is as it should be but one thing, and the right is gone.

Asks the queries and rules, not the pages; ``make mutants`` takes the same conditions out of the code.
"""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db.models import Model

import vault
from accounts import rules as accounts_rules
from accounts.models import Appointment, Institution, User
from checklist import rules as checklist_rules
from concerns import rules as concerns_rules
from concerns.models import LeakReport, groups_to_report_about
from desk import rules as desk_rules
from intervision import clock
from programs import rules as programs_rules
from programs.models import Group, Guide, Membership, Program
from sessions import rules as sessions_rules
from sessions.models import GroupSession, PrivateLine
from surveys import rules as surveys_rules
from surveys.models import Receipt, Window
from tests.access.surveys import opened
from tests.access.world import House, taken_back
from tests.factories import own_texts
from tests.factories.accounts import AppointmentFactory, UserFactory
from tests.factories.programs import (
    EvaluativeRelationFactory,
    GroupFactory,
    GuideFactory,
    MembershipFactory,
    ProgramCoordinatorFactory,
    ProgramFactory,
)

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


def today() -> dt.date:
    return clock.today()


@contextmanager
def but(row: Model, **changes: Any) -> Iterator[None]:
    """``row`` as it is but for ``changes``, until the end."""
    with taken_back():
        assert type(row)._default_manager.filter(pk=row.pk).update(**changes) == 1
        yield


def appointment(user: User) -> Any:
    return user.appointments.get()


@pytest.fixture
def house() -> House:
    return House()


def over() -> list[dict[str, Any]]:
    """Ways in which something dated does not hold today."""
    return [{"until_on": today() - DAY}, {"from_on": today() + DAY}]


def lasting() -> list[dict[str, Any]]:
    """Ways in which it just does."""
    return [{"until_on": today()}, {"from_on": today()}, {"until_on": today() + DAY}]


def test_an_appointment_gives_its_role_in_its_house_on_its_days(house):
    user, elsewhere = house.director, House().institution

    def held() -> list[bool]:
        return [user.holds("director"), user.holds("director", house.institution)]

    assert held() == [True, True]
    assert not user.holds("director", elsewhere)
    assert not user.holds("coordinator")
    assert not user.holds("coordinator", house.institution)
    for change in over():
        with but(appointment(user), **change):
            assert held() == [False, False]
            assert not Institution.objects.visible_to(user).exists()
            assert not Institution.objects.run_by(user, "director").exists()
    for change in lasting():
        with but(appointment(user), **change):
            assert held() == [True, True]
    assert list(Institution.objects.visible_to(user)) == [house.institution]
    assert list(Institution.objects.run_by(user, "director")) == [house.institution]
    assert not Institution.objects.run_by(user, "coordinator").exists()


@pytest.mark.parametrize("role", ["coordinator", "administrator"])
def test_the_house_is_seen_to_by_its_coordinators_and_administrators_of_today(house, role):
    user, elsewhere = getattr(house, role), House().institution

    assert accounts_rules.can_run(user, house.institution)
    assert not accounts_rules.can_run(user, elsewhere)
    for other in ("director", "intervisor", "independent", "officer"):
        assert not accounts_rules.can_run(getattr(house, other), house.institution)
        assert accounts_rules.roles_to_give(getattr(house, other), house.institution) == []
    for change in over():
        with but(appointment(user), **change):
            assert not accounts_rules.can_run(user, house.institution)
            assert accounts_rules.roles_to_give(user, house.institution) == []
    assert accounts_rules.roles_to_give(user, elsewhere) == []


def test_a_coordinator_appoints_neither_administrators_nor_who_is_independent_of_them(house):
    appointed = {
        who: {
            role
            for role in Appointment.Role.values
            if accounts_rules.can_appoint(getattr(house, who), house.institution, role)
        }
        for who in ("coordinator", "administrator", "director")
    }

    assert appointed == {
        "coordinator": {"coordinator", "intervisor", "director"},
        "administrator": set(Appointment.Role.values),
        "director": set(),
    }


def test_a_program_is_run_by_whoever_is_both_assigned_and_appointed_today(house):
    user, program = house.coordinator, house.program
    assignment, other = program.coordinators.get(), ProgramFactory(institution=house.institution)

    def runs() -> set[bool]:
        return {
            programs_rules.can_run(user, program),
            Program.objects.visible_to(user).filter(pk=program.pk).exists(),
            Group.objects.coordinated_by(user).filter(pk=house.group.pk).exists(),
            Group.objects.visible_to(user).filter(pk=house.group.pk).exists(),
            sessions_rules.runs(user, fresh(house.group)),
            sessions_rules.sees(user, fresh(house.group)),
        }

    assert runs() == {True}
    assert not programs_rules.can_run(user, other)
    assert not programs_rules.can_run(House().coordinator, program)
    ended = [
        *((assignment, change) for change in over()),
        *((appointment(user), change) for change in over()),
        (appointment(user), {"role": "director"}),
        (appointment(user), {"institution": House().institution}),
        (assignment, {"program": other}),
    ]
    for row, change in ended:
        with but(row, **change):
            assert runs() == {False}, change
    for row in (assignment, appointment(user)):
        for change in lasting():
            with but(row, **change):
                assert runs() == {True}, change


def test_rooms_are_kept_by_coordinators_of_the_house_only(house):
    there = House()

    assert programs_rules.can_keep_rooms(house.coordinator, house.institution)
    assert not programs_rules.can_keep_rooms(house.coordinator, there.institution)
    assert not programs_rules.can_keep_rooms(house.administrator, house.institution)


def fresh(group: Group) -> Group:
    """As it is stored, without what was found of anybody's standing before."""
    return Group.objects.get(pk=group.pk)


def test_a_group_is_guided_by_whoever_is_assigned_not_suspended_and_appointed_today(house):
    user, group, guide = house.intervisor, house.group, house.guide
    other = GroupFactory(program=house.program)

    def guides() -> set[bool]:
        return {
            programs_rules.can_guide(user, house.program),
            Program.objects.visible_to(user).filter(pk=house.program.pk).exists(),
            Group.objects.guided_by(user).filter(pk=group.pk).exists(),
            Group.objects.visible_to(user).filter(pk=group.pk).exists(),
            sessions_rules.guides(user, fresh(group)),
            sessions_rules.sees(user, fresh(group)),
            sessions_rules.can_log(user, with_group(house.session)),
            surveys_rules.can_read_group(user, fresh(group)),
        }

    assert guides() == {True}
    assert not Group.objects.visible_to(user).filter(pk=other.pk).exists()
    assert not sessions_rules.guides(user, fresh(other))
    assert not programs_rules.can_guide(user, ProgramFactory(institution=house.institution))
    ended = [
        *((guide, change) for change in over()),
        *((appointment(user), change) for change in over()),
        (appointment(user), {"role": "director"}),
        (appointment(user), {"institution": House().institution}),
    ]
    for row, change in ended:
        with but(row, **change):
            assert guides() == {False}, change
    for row in (guide, appointment(user)):
        for change in lasting():
            with but(row, **change):
                assert guides() == {True}, change


def test_somebody_elses_appointment_gives_a_guide_nothing(house):
    with but(appointment(house.intervisor), user=house.stranger):
        assert not Group.objects.guided_by(house.intervisor).exists()


def with_group(session: GroupSession) -> GroupSession:
    return GroupSession.objects.select_related("group__program__institution").get(pk=session.pk)


@pytest.mark.parametrize("ahead", [0, 1])
def test_a_relation_ends_the_rights_of_guide_and_coordinator_from_its_first_day(house, ahead):
    for evaluator in (house.intervisor, house.coordinator):
        EvaluativeRelationFactory(
            institution=house.institution,
            evaluator=evaluator,
            resident=house.resident,
            from_on=today() + ahead * DAY,
        )
    still = ahead > 0

    assert programs_rules.can_guide(house.intervisor, house.program) is still
    assert sessions_rules.guides(house.intervisor, fresh(house.group)) is still
    assert programs_rules.can_run(house.coordinator, house.program) is still


def test_a_seat_gives_rights_in_its_group_until_it_is_left(house):
    user, group, seat = house.resident, house.group, house.membership
    other = GroupFactory(program=house.program)

    def sits() -> set[bool]:
        return {
            Group.objects.joined_by(user).filter(pk=group.pk).exists(),
            Group.objects.visible_to(user).filter(pk=group.pk).exists(),
            sessions_rules.is_member(user, group),
            sessions_rules.seat(user, fresh(group)) == seat.pk,
            sessions_rules.sees(user, fresh(group)),
            surveys_rules.can_read_group(user, fresh(group)),
        }

    assert sits() == {True}
    assert not sessions_rules.is_member(user, other)
    assert not sessions_rules.sees(user, fresh(other))
    assert not Group.objects.visible_to(user).filter(pk=other.pk).exists()
    gone = [
        {"state": "left", "left_on": today()},
        {"state": "declined", "group": None, "joined_on": None},
        {"user": house.stranger},
        {"group": other},
    ]
    for change in gone:
        with but(seat, **change):
            assert sits() == {False}, change
    for change in ({"paused_from": today()}, {"state": "invited"}, {"state": "completed"}):
        with but(seat, **change):
            assert sits() == {True}, change


def test_only_who_has_no_more_than_a_seat_reads_a_checklist_as_a_member(house):
    assert checklist_rules.reads_as_member(house.resident, fresh(house.group))
    for user in (house.intervisor, house.coordinator):
        assert not checklist_rules.reads_as_member(user, fresh(house.group))


def test_who_evaluates_a_fellow_member_has_no_seat_from_the_first_day(house):
    fellow = MembershipFactory(group=house.group).user
    made = {"institution": house.institution, "evaluator": house.resident, "resident": fellow}

    for ahead in (0, 1):
        with taken_back():
            EvaluativeRelationFactory(**made, from_on=today() + ahead * DAY)
            assert Membership.objects.seated().filter(pk=house.membership.pk).exists() is (ahead > 0)
            assert sessions_rules.is_member(house.resident, house.group) is (ahead > 0)


def test_a_place_without_a_group_is_part_of_a_program_and_no_seat(house):
    place = house.membership

    with but(place, group=None, joined_on=None, state="invited"):
        assert Membership.objects.live().filter(pk=place.pk).exists()
        assert not Membership.objects.seated().filter(pk=place.pk).exists()
        assert list(Program.objects.visible_to(house.resident)) == [house.program]
    for change in (
        {"state": "left", "left_on": today()},
        {"state": "declined", "group": None, "joined_on": None},
    ):
        with but(place, **change):
            assert not Membership.objects.live().filter(pk=place.pk).exists()
            assert not Program.objects.visible_to(house.resident).exists()


def test_who_paused_takes_no_part_from_the_first_day_of_the_pause_to_the_last(house):
    seat = house.membership
    pauses = {
        (today(), None): False,
        (today() - DAY, today()): False,
        (today(), today() + DAY): False,
        (today() - 2 * DAY, today() - DAY): True,
        (today() + DAY, None): True,
        (None, None): True,
    }

    for (first, last), takes_part in pauses.items():
        with but(seat, paused_from=first, paused_until=last):
            assert Membership.objects.taking_part().filter(pk=seat.pk).exists() is takes_part, (first, last)
            assert Membership.objects.seated().filter(pk=seat.pk).exists()
    for gone in ({"state": "left", "left_on": today()}, {"suspended_from": today()}):
        with but(seat, **gone):
            assert not Membership.objects.taking_part().filter(pk=seat.pk).exists()


def test_a_place_is_answered_by_who_was_invited_or_asked_for_it_until_they_left(house):
    place, at = house.membership, clock.now()

    def answerable(user: User) -> bool:
        return Membership.objects.answerable_by(user).filter(pk=place.pk).exists()

    assert not answerable(house.resident)
    for change in ({"invited_at": at}, {"accepted_at": at}):
        with but(place, **change):
            assert answerable(house.resident)
            assert not answerable(house.stranger)
        with but(place, **change, state="left", left_on=today()):
            assert not answerable(house.resident)


def test_what_somebody_is_to_a_group_is_not_what_somebody_else_is(house):
    group = Group.objects.with_standing(house.intervisor).get(pk=house.group.pk)

    assert sessions_rules.guides(house.intervisor, group)
    assert not sessions_rules.guides(house.resident, group)
    assert sessions_rules.seat(house.resident, group) == house.membership.pk
    assert sessions_rules.seat(house.intervisor, group) is None
    assert not sessions_rules.sees(house.stranger, group)


def test_a_session_is_added_by_lead_and_coordinator_until_the_program_has_ended(house):
    may = [house.intervisor, house.coordinator]

    for user in may:
        assert sessions_rules.can_add_session(user, with_program(house.group))
        assert sessions_rules.can_change_session(user, with_group(house.session))
    assert not sessions_rules.can_add_session(house.resident, with_program(house.group))
    assert not sessions_rules.can_change_session(house.resident, with_group(house.session))
    for stage in ("completed", "cancelled"):
        with but(house.program, stage=stage):
            assert not any(sessions_rules.can_add_session(user, with_program(house.group)) for user in may)


def with_program(group: Group) -> Group:
    return Group.objects.select_related("program").get(pk=group.pk)


def test_a_substitute_stands_in_for_this_session_while_appointed_and_independent(house):
    user = house.appointed("intervisor")
    house.session.substitute = user
    house.session.save()

    def stands_in() -> set[bool]:
        session = with_group(house.session)
        return {sessions_rules.stands_in(user, session), sessions_rules.can_log(user, session)}

    assert stands_in() == {True}
    assert not sessions_rules.can_log(house.coordinator, with_group(house.session))
    assert not sessions_rules.stands_in(house.intervisor, with_group(house.session))
    for change in ({"role": "director"}, {"institution": House().institution}, {"until_on": today() - DAY}):
        with but(appointment(user), **change):
            assert stands_in() == {False}, change
    with taken_back():
        evaluates(user, house.resident)
        assert stands_in() == {False}
        with but(house.membership, state="left", left_on=today()):
            assert stands_in() == {True}
    with taken_back():
        AppointmentFactory(user=user, institution=house.institution, role="coordinator")
        runs = ProgramCoordinatorFactory(program=house.program, user=user, from_on=today())
        assert stands_in() == {False}
        with but(runs, program=House().program):
            assert stands_in() == {True}


def evaluates(evaluator: User, resident: User) -> None:
    EvaluativeRelationFactory(institution=house_of(resident), evaluator=evaluator, resident=resident)


def house_of(resident: User) -> Institution:
    return resident.placements.get().department.institution


def test_who_stands_in_is_hindered_by_their_own_evaluations_of_this_group_only(house):
    user, elsewhere = house.appointed("intervisor"), House()
    house.session.substitute = user
    house.session.save()
    evaluates(user, elsewhere.resident)
    evaluates(house.stranger, house.resident)

    assert sessions_rules.stands_in(user, with_group(house.session))


def test_who_is_evaluated_may_stand_in_also_for_a_group_of_their_own(house):
    user = house.appointed("intervisor")
    house.session.substitute = user
    house.session.save()
    MembershipFactory(group=house.group, user=user)
    EvaluativeRelationFactory(institution=house.institution, evaluator=house.stranger, resident=user)

    assert sessions_rules.stands_in(user, with_group(house.session))


def test_times_are_offered_by_the_guide_and_by_who_runs_the_program(house):
    fellow = GuideFactory(group=GroupFactory(program=house.program)).user

    assert programs_rules.can_offer_times(house.intervisor, house.program, house.intervisor)
    assert programs_rules.can_offer_times(house.coordinator, house.program, house.intervisor)
    assert not programs_rules.can_offer_times(fellow, house.program, house.intervisor)
    assert not programs_rules.can_offer_times(house.coordinator, house.program, house.stranger)
    assert not programs_rules.can_offer_times(house.stranger, house.program, house.stranger)


def test_only_a_lead_makes_a_group_one_to_join(house):
    assert house.group.pk in set(Guide.objects.led_groups().values_list("group", flat=True))
    for change in ({"role": "co"}, *over()):
        with but(house.guide, **change):
            assert not Guide.objects.led_groups().exists()


def test_reports_are_made_by_who_is_or_was_in_the_group_or_guides_it(house):
    other = GroupFactory(program=house.program)

    assert list(groups_to_report_about(house.resident)) == [house.group]
    assert list(groups_to_report_about(house.intervisor)) == [house.group]
    assert not groups_to_report_about(house.coordinator).exists()
    for user in (house.resident, house.intervisor):
        assert concerns_rules.can_report(user, house.group)
        assert not concerns_rules.can_report(user, other)


def test_reports_are_seen_by_who_made_them_and_the_independent_person_of_today(house):
    report = house.report

    assert set(LeakReport.objects.visible_to(house.resident)) == {report}
    assert set(LeakReport.objects.visible_to(house.independent)) == {report}
    for other in (house.coordinator, house.director, house.intervisor, House().independent):
        assert not LeakReport.objects.visible_to(other).exists()
        assert not concerns_rules.can_look_into(other, report)
    assert concerns_rules.can_look_after(house.independent)
    assert not concerns_rules.can_look_after(house.coordinator)
    for change in (*over(), {"role": "intervisor"}, {"institution": House().institution}):
        with but(appointment(house.independent), **change):
            assert not LeakReport.objects.visible_to(house.independent).exists()
            assert not concerns_rules.can_look_into(house.independent, report)
    for change in (*over(), {"role": "intervisor"}):
        with but(appointment(house.independent), **change):
            assert not concerns_rules.can_look_after(house.independent)


def test_a_report_is_looked_into_by_who_is_independent_of_its_group(house):
    user, report = house.independent, house.report
    elsewhere = House()

    def looks_into() -> bool:
        return concerns_rules.can_look_into(user, report)

    GuideFactory(group=elsewhere.group, user=user, role="co")
    ProgramCoordinatorFactory(program=ProgramFactory(institution=elsewhere.institution), user=user)
    evaluates(user, elsewhere.stranger)
    MembershipFactory(group=None, program=elsewhere.program, user=user, state="invited", joined_on=None)
    with taken_back():
        MembershipFactory(group=None, program=house.program, user=user, state="invited", joined_on=None)
        without = UserFactory()
        EvaluativeRelationFactory(institution=house.institution, evaluator=user, resident=without)
        MembershipFactory(group=None, program=house.program, user=without, state="invited", joined_on=None)
        assert looks_into(), "without a seat, also of whom they evaluate"
    assert looks_into(), "what they are in another house"
    for tie in (
        lambda: GuideFactory(group=house.group, user=user, role="co", until_on=today() - DAY),
        lambda: MembershipFactory(group=house.group, user=user),
        lambda: evaluates(user, house.resident),
    ):
        with taken_back():
            tie()
            assert not looks_into()


def test_a_house_is_overseen_by_its_director_and_its_purges_by_its_administrator(house):
    there = House().institution

    assert desk_rules.can_oversee(house.director, house.institution)
    assert not desk_rules.can_oversee(house.director, there)
    assert not desk_rules.can_oversee(house.director, None)
    assert not desk_rules.can_oversee(house.administrator, house.institution)
    assert surveys_rules.can_read_house(house.director, house.institution)
    assert not surveys_rules.can_read_house(house.director, there)
    assert not surveys_rules.can_read_house(house.administrator, house.institution)
    assert desk_rules.can_see_purges(house.administrator, house.institution)
    assert not desk_rules.can_see_purges(house.administrator, there)
    assert not desk_rules.can_see_purges(house.administrator, None)
    assert not desk_rules.can_see_purges(house.director, house.institution)


def test_a_window_is_seen_by_its_group_and_guides_and_answered_once_by_who_takes_part(house):
    there = House()
    window, other = (opened(each, "midway", each.group.pk) for each in (house, there))
    at = clock.now()

    for user in (house.resident, house.intervisor):
        assert list(Window.objects.visible_to(user)) == [window]
    assert not Window.objects.visible_to(house.coordinator).exists()
    assert list(Window.objects.to_answer(house.resident, at)) == [window]
    assert not Window.objects.to_answer(house.intervisor, at).exists()
    assert surveys_rules.seat(house.resident, window) == house.membership
    assert surveys_rules.seat(house.resident, other) is None
    assert surveys_rules.seat(house.intervisor, window) is None
    with but(house.membership, paused_from=today()):
        assert not Window.objects.to_answer(house.resident, at).exists()
        assert surveys_rules.seat(house.resident, window) is None
    assert window.is_open(at)
    for moment in (window.opens_at - DAY, window.closes_at):
        assert not Window.objects.to_answer(house.resident, moment).exists()
        assert not window.is_open(moment)
    with but(window, state="destroyed"):
        assert not Window.objects.to_answer(house.resident, at).exists()
        assert not Window.objects.get(pk=window.pk).is_open(at)
    fellow = MembershipFactory(group=house.group).user
    Receipt.objects.create(window=window, user=fellow)
    Receipt.objects.create(window=other, user=house.resident)
    assert surveys_rules.has_answered(fellow, window)
    assert not surveys_rules.has_answered(house.resident, window)
    assert list(Window.objects.to_answer(house.resident, at)) == [window]
    assert not Window.objects.to_answer(fellow, at).exists()


def test_a_text_is_read_by_its_owner_and_the_guide_it_was_shared_with_while_they_may_come_in(house):
    shared = own_texts.goal(house.membership, shared_with=house.guide)
    kept = own_texts.goal(house.membership)
    owner, guide = house.resident, house.intervisor

    assert [programs_rules.may_read(owner, text) for text in (shared, kept)] == [True, True]
    assert [programs_rules.may_read(guide, text) for text in (shared, kept)] == [True, False]
    assert not programs_rules.may_read(house.coordinator, shared)
    for user in (owner, guide):
        user.is_active = False
        assert not programs_rules.may_read(user, shared)


def test_a_private_line_is_read_by_its_owner_while_they_may_come_in(house):
    line = PrivateLine(membership=house.membership, session=house.session)
    vault.write(house.resident, line, {"line": "Mine"})

    assert sessions_rules.may_read_line(house.resident, line)
    assert not sessions_rules.may_read_line(house.intervisor, line)
    house.resident.is_active = False
    assert not sessions_rules.may_read_line(house.resident, line)


def test_a_report_of_ones_own_house_opens_no_other(house):
    there = House()

    assert concerns_rules.can_look_into(house.independent, house.report)
    assert not concerns_rules.can_look_into(house.independent, there.report)


def test_a_group_that_was_removed_meanwhile_gives_nobody_anything(house):
    known = fresh(GroupFactory(program=house.program))
    Group.objects.filter(pk=known.pk).delete()

    assert not sessions_rules.sees(house.coordinator, known)
