import datetime as dt

import pytest
import time_machine

from accounts.models import Placement, User
from outbox.models import Message
from programs import errors, independence, join_links
from programs.actions import joining, running, taking_part, waiting
from programs.models import Group, IntakeSlot, Interest, JoinRequest, Membership, WaitingPlace
from tests.factories.accounts import DepartmentFactory, UserFactory
from tests.factories.programs import (
    EvaluativeRelationFactory,
    GroupFactory,
    GuideFactory,
    IntakeSlotFactory,
    MembershipFactory,
    ProgramFactory,
)

pytestmark = pytest.mark.django_db
MONDAY = dt.datetime(2027, 1, 4, 8, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)


@pytest.fixture(autouse=True)
def on_a_monday():
    with time_machine.travel(MONDAY, tick=False) as traveller:
        yield traveller


@pytest.fixture
def program():
    return ProgramFactory(stage="recruiting", joining="open")


def group_of(program, **fields):
    group = GroupFactory(program=program, **fields)
    GuideFactory(group=group)
    return group


def newcomer(program, user=None):
    return joining.enter(program, user or UserFactory(), joining.Newcomer())


def kinds():
    return sorted(Message.objects.exclude(state="cancelled").values_list("kind", flat=True))


def test_asking_for_a_link_makes_no_account_and_mails_once(program):
    joining.ask_for_link(program, email="New@Example.org", language="en")
    joining.ask_for_link(program, email="new@example.org", language="en")

    message = Message.objects.get()
    assert (message.recipient, message.address, message.language) == (None, "new@example.org", "en")
    assert not User.objects.filter(email="new@example.org").exists()
    assert not Membership.objects.exists()


def test_a_known_address_is_mailed_as_the_person_it_is(program):
    person = UserFactory(email="known@example.org")

    joining.ask_for_link(program, email="Known@example.org", language="en")

    assert Message.objects.get().recipient == person


def test_confirming_makes_a_person_who_cannot_sign_in_placed_and_without_a_group(program):
    department = DepartmentFactory(institution=program.institution)
    request = joining.join_request(program, "new@example.org", at=MONDAY)

    place = joining.come_in(request, joining.Newcomer("New Person", "en", department, 3))

    assert (place.user.name, place.user.has_usable_password()) == ("New Person", False)
    assert (place.state, place.group) == ("interested", None)
    assert Placement.objects.get().training_year == 3


def test_a_mailed_link_lets_somebody_in_once(program):
    request = joining.join_request(program, "new@example.org", at=MONDAY)
    joining.come_in(request, joining.Newcomer("New Person"))

    with pytest.raises(errors.JoiningOver):
        joining.come_in(request, joining.Newcomer("New Person"))
    token = join_links.address_of(request).split("/")[-2]
    assert join_links.find(token).spent
    assert join_links.find(token[:-1] + "x") is None


def test_joining_gives_a_seat_and_reserves_a_time_with_that_guide(program):
    group = group_of(program)
    guide = group.guides.get().user
    time = IntakeSlotFactory(
        program=program, guide=guide, starts_at=MONDAY + DAY, ends_at=MONDAY + DAY * 1.01
    )

    place = joining.join(newcomer(program), group)

    assert (place.group, place.state) == (group, "active")
    assert IntakeSlot.objects.get(pk=time.pk).membership == place
    assert "reserved-time" in kinds()


def test_without_a_time_the_seat_itself_is_told(program):
    joining.join(newcomer(program), group_of(program))

    assert kinds() == ["seat-given"]


def test_changing_group_frees_seat_and_time_for_whoever_waits(program):
    first, second = group_of(program, places=1), group_of(program)
    place = joining.join(newcomer(program), first)
    waits = newcomer(program)
    joining.join(waits, second)
    waits = waiting_for(program, first)

    joining.join(place, second)

    assert Group.objects.get(pk=first.pk).taken == 1
    assert waiting.open_offer(waits).offer_until == MONDAY + waiting.OFFER_FOR


def waiting_for(program, group):
    row = newcomer(program)
    waiting.wait_for_seat(row, group)
    return row


def test_nobody_changes_out_of_or_into_a_closed_group(program):
    closed, other = group_of(program), group_of(program)
    place = joining.join(newcomer(program), closed)
    Group.objects.filter(pk=closed.pk).update(closed=True)

    with pytest.raises(errors.GroupClosed):
        joining.join(place, other)
    with pytest.raises(errors.GroupClosed):
        joining.join(newcomer(program), Group.objects.get(pk=closed.pk))


def test_a_full_group_takes_nobody_and_changes_nothing(program):
    group = group_of(program, places=1)
    joining.join(newcomer(program), group)
    late = newcomer(program)

    with pytest.raises(errors.GroupFull):
        joining.join(late, group)

    assert Membership.objects.get(pk=late.pk).group is None


def test_an_evaluator_of_a_member_cannot_join_even_by_a_forged_post(program):
    group = group_of(program)
    member = joining.join(newcomer(program), group)
    relation = EvaluativeRelationFactory(institution=program.institution, resident=member.user)

    with pytest.raises(errors.EvaluatorInGroup):
        joining.join(newcomer(program, relation.evaluator), group)


def test_a_seat_that_is_free_is_joined_and_not_waited_for(program):
    group_of(program)

    with pytest.raises(errors.SeatsFree):
        waiting.wait_for_seat(newcomer(program))


def test_whose_only_free_group_has_their_evaluator_may_wait_for_another(program):
    group = group_of(program)
    row = newcomer(program)
    EvaluativeRelationFactory(
        institution=program.institution, evaluator=group.guides.get().user, resident=row.user
    )

    place = waiting.wait_for_seat(row)
    waiting.renew_in(program, at=MONDAY)

    assert (place.offered_at, waiting.open_offer(row)) == (None, None)


def test_who_leaves_makes_room_for_who_waits_longest(program, on_a_monday):
    group = group_of(program, places=1)
    seated = joining.join(newcomer(program), group)
    first = waiting_for(program, group)
    on_a_monday.shift(60)
    second = waiting_for(program, None)

    taking_part.decline(seated)

    assert waiting.open_offer(first).group == group
    assert Membership.objects.get(pk=first.pk).group == group
    assert waiting.open_offer(second) is None
    assert kinds().count("seat-offer") == 1


def test_more_places_are_offered_to_who_waits(program):
    group = group_of(program, places=1)
    joining.join(newcomer(program), group)
    row = waiting_for(program, group)
    Group.objects.filter(pk=group.pk).update(places=2)

    assert waiting.renew_in(program, at=MONDAY) == 1
    assert waiting.open_offer(row)


def test_an_offer_taken_is_a_seat_and_ends_the_waiting(program):
    group = group_of(program, places=1)
    seated = joining.join(newcomer(program), group)
    row = waiting_for(program, group)
    taking_part.decline(seated)

    place = waiting.take_offer(row)

    assert (place.state, place.group) == ("active", group)
    assert not WaitingPlace.objects.waiting("group").exists()


def test_an_offer_refused_or_left_lying_goes_to_the_next(program, on_a_monday):
    group = group_of(program, places=1)
    seated = joining.join(newcomer(program), group)
    rows = []
    for _ in range(3):
        rows.append(waiting_for(program, group))
        on_a_monday.shift(60)
    taking_part.decline(seated)

    waiting.pass_offer_on(rows[0])
    assert waiting.open_offer(rows[1])
    on_a_monday.shift(waiting.OFFER_FOR + DAY)
    waiting.renew(at=MONDAY + waiting.OFFER_FOR + 2 * DAY)

    assert waiting.open_offer(rows[2])
    assert Membership.objects.get(pk=rows[1].pk).group is None
    with pytest.raises(errors.OfferOver):
        waiting.take_offer(rows[1])


def test_an_offer_skips_whom_the_guard_refuses(program, on_a_monday):
    group = group_of(program, places=2)
    stays, leaves = (joining.join(newcomer(program), group) for _ in range(2))
    evaluator, next_one = waiting_for(program, None), None
    on_a_monday.shift(60)
    next_one = waiting_for(program, None)
    EvaluativeRelationFactory(institution=program.institution, evaluator=evaluator.user, resident=stays.user)

    taking_part.decline(leaves)

    assert waiting.open_offer(evaluator) is None
    assert waiting.open_offer(next_one)


def test_nothing_is_offered_once_the_program_runs(program):
    group = group_of(program, places=1)
    seated = joining.join(newcomer(program), group)
    row = waiting_for(program, group)
    program.stage = "running"
    program.save()

    running.leave(seated, on=MONDAY.date(), by=UserFactory())

    assert waiting.open_offer(row) is None


def test_interest_is_one_line_for_each_address_and_goes_with_the_mail(program):
    house = program.institution
    joining.note_interest(house, name="A", email="a@example.org", language="nl")
    joining.note_interest(house, name="A. Again", email="A@example.org", language="nl")
    assert [row.name for row in Interest.objects.all()] == ["A. Again"]

    assert joining.invite_interested(program) == 1

    assert not Interest.objects.exists()
    assert (Message.objects.get().kind, JoinRequest.objects.get().email) == ("join-open", "a@example.org")


def test_a_person_who_is_in_the_program_keeps_the_place_they_have(program):
    row = MembershipFactory(group=group_of(program), state="placed")

    assert joining.enter(program, row.user, joining.Newcomer()) == row
    assert Membership.objects.get(pk=row.pk).invited_at == MONDAY


def test_addresses_of_people_who_never_came_are_forgotten(program, on_a_monday):
    joining.join_request(program, "a@example.org", at=MONDAY)
    joining.note_interest(program.institution, name="B", email="b@example.org", language="nl")

    assert joining.forget(at=MONDAY + 31 * DAY) == 1
    assert joining.forget(at=MONDAY + 401 * DAY) == 1


def test_whoever_sits_elsewhere_waits_with_their_seat_and_moves_when_one_is_free(program):
    wanted, other = group_of(program, places=1), group_of(program, places=1)
    sits = joining.join(newcomer(program), wanted)
    changes = joining.join(newcomer(program), other)
    waiting.wait_for_seat(changes, wanted)
    last = waiting_for(program, other)
    changes.refresh_from_db()
    assert changes.group == other

    taking_part.decline(sits)

    changes.refresh_from_db()
    assert (changes.group, changes.state) == (wanted, "active")
    assert waiting.open_offer(last).group == other
    assert WaitingPlace.objects.waiting("group").get().membership == last
    assert Message.objects.filter(kind="seat-given", recipient=changes.user).count() == 2


def test_whoever_waits_elsewhere_keeps_their_own_time_until_they_move(program):
    wanted, other = group_of(program, places=1), group_of(program)
    joining.join(newcomer(program), wanted)
    guide = other.guides.get().user
    time = IntakeSlotFactory(
        program=program, guide=guide, starts_at=MONDAY + DAY, ends_at=MONDAY + DAY * 1.01
    )
    changes = joining.join(newcomer(program), other)
    waiting.wait_for_seat(changes, wanted)
    assert IntakeSlot.objects.get(pk=time.pk).membership == changes

    Group.objects.filter(pk=wanted.pk).update(places=2)
    waiting.renew_in(program, at=MONDAY)

    changes.refresh_from_db()
    assert changes.group == wanted
    assert IntakeSlot.objects.get(pk=time.pk).membership is None


def test_out_of_a_closed_group_nobody_waits_for_another(program):
    wanted, own = group_of(program, places=1), group_of(program)
    joining.join(newcomer(program), wanted)
    place = joining.join(newcomer(program), own)
    Group.objects.filter(pk=own.pk).update(closed=True)

    with pytest.raises(errors.GroupClosed):
        waiting.wait_for_seat(place, wanted)


def test_a_group_that_nobody_leads_is_neither_offered_nor_joined(program):
    group = GroupFactory(program=program)
    row = newcomer(program)

    assert independence.groups_offered_to(row.user, program, MONDAY.date()) == []
    with pytest.raises(errors.GroupWithoutGuide):
        joining.join(row, group)
    assert waiting.wait_for_seat(row).offered_at is None
    GuideFactory(group=group)
    waiting.renew_in(program, at=MONDAY)

    row.refresh_from_db()
    assert (row.group, waiting.open_offer(row).offered_at) == (group, MONDAY)
