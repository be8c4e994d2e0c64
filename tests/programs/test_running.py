import datetime as dt

import pytest
import time_machine
from django.urls import reverse

from outbox import kinds as kinds_of_mail
from outbox.models import Message
from outbox.rendering import render
from programs import errors, suspensions
from programs.actions import running, taking_part, undo
from programs.models import GroundRules, Group, Guide, IntakeSlot, Membership, UndoableStep
from tests.factories.accounts import UserFactory
from tests.factories.programs import (
    EvaluativeRelationFactory,
    GroundRulesFactory,
    GroupFactory,
    GuideFactory,
    IntakeSlotFactory,
    MembershipFactory,
    ProgramCoordinatorFactory,
)
from tests.factories.sessions import GroupSessionFactory

pytestmark = pytest.mark.django_db
MONDAY = dt.datetime(2027, 1, 4, 8, tzinfo=dt.UTC)
TODAY = MONDAY.date()
DAY = dt.timedelta(days=1)


@pytest.fixture(autouse=True)
def on_a_monday():
    with time_machine.travel(MONDAY, tick=False) as traveller:
        yield traveller


@pytest.fixture
def group():
    return GuideFactory(group__program__stage="running").group


@pytest.fixture
def member(group):
    return MembershipFactory(group=group, state="active", invited_at=MONDAY, accepted_at=MONDAY)


@pytest.fixture
def coordinator(group):
    return ProgramCoordinatorFactory(program=group.program).user


@pytest.fixture
def me(client, coordinator):
    client.force_login(coordinator)
    return client


def url(name, program, *args):
    return reverse(f"programs:{name}", args=[program.pk, *args])


def kinds():
    return sorted(Message.objects.filter(state="pending").values_list("kind", flat=True))


def fresh(row):
    return type(row).objects.get(pk=row.pk)


def test_a_pause_keeps_the_seat_and_can_be_taken_back(me, member, group):
    address = url("pause-member", group.program, member.pk)
    assert member.user.name in me.get(address).content.decode()

    me.post(address, {"from_on": "2027-01-04", "until_on": "2027-02-01"})

    assert (fresh(member).paused_until, fresh(group).taken) == (dt.date(2027, 2, 1), 1)
    assert kinds() == []
    me.post(url("undo-change", group.program, UndoableStep.objects.get().pk))
    assert fresh(member).paused_from is None


def test_a_pause_that_ends_before_it_starts_is_said_at_its_field(me, member, group):
    answer = me.post(
        url("pause-member", group.program, member.pk), {"from_on": "2027-02-04", "until_on": "2027-02-01"}
    )

    assert answer.status_code == 422
    assert "A pause must end after it starts." in answer.content.decode()


def test_taking_part_again_ends_a_pause(me, member, group):
    running.pause(member, from_on=TODAY, until_on=None, by=member.user)

    me.post(url("resume-member", group.program, member.pk))

    assert not fresh(member).is_paused(TODAY)


def test_leaving_frees_seat_and_time_and_is_confirmed_after_a_while(member, group):
    slot = IntakeSlotFactory(
        program=group.program, guide=group.guides.get().user, membership=member, starts_at=MONDAY + DAY
    )

    running.leave(member, on=TODAY, by=UserFactory())

    assert (fresh(member).state, fresh(group).taken, fresh(slot).membership) == ("left", 0, None)
    message = Message.objects.get(kind="left")
    assert message.due_at == MONDAY + running.THINK_AGAIN


def test_leaving_can_be_taken_back_until_its_message_has_left(member, group):
    slot = IntakeSlotFactory(
        program=group.program, guide=group.guides.get().user, membership=member, starts_at=MONDAY + DAY
    )
    step = running.leave(member, on=TODAY, by=UserFactory())

    undo.undo(step)

    assert (fresh(member).state, fresh(group).taken) == ("active", 1)
    assert IntakeSlot.objects.get(pk=slot.pk).membership == member
    assert not Message.objects.filter(kind="left", state="pending").exists()


@pytest.mark.parametrize(("kept_at", "state"), [(MONDAY - DAY, "booked"), (None, "offered")])
def test_the_time_of_whoever_comes_back_is_kept_as_it_was(member, group, kept_at, state):
    slot = IntakeSlotFactory(
        program=group.program,
        guide=group.guides.get().user,
        membership=member,
        starts_at=MONDAY + DAY,
        kept_at=kept_at,
    )

    undo.undo(running.leave(member, on=TODAY, by=UserFactory()))

    back = IntakeSlot.objects.get(pk=slot.pk)
    assert (back.membership, bool(back.kept_at), member.intake.state) == (member, bool(kept_at), state)


def test_who_leaves_is_shown_the_time_to_come_and_none_that_has_been(me, member, group):
    slot = IntakeSlotFactory(program=group.program, membership=member)
    page = url("member-leaves", group.program, member.pk)
    assert me.get(page).context["slot"] == slot

    IntakeSlot.objects.update(starts_at=MONDAY - DAY, ends_at=MONDAY)
    assert me.get(page).context["slot"] is None


@pytest.mark.parametrize("name", ["pause-member", "member-leaves", "remove-person"])
def test_who_left_is_nobody_on_the_pages_about_a_member(me, member, group, name):
    Membership.objects.filter(pk=member.pk).update(state="left", left_on=TODAY)

    answer = me.post(url(name, group.program, member.pk))

    assert answer.status_code == (302 if name == "remove-person" else 404)
    assert not UndoableStep.objects.exists()


@pytest.mark.parametrize(("kind", "ended"), [("nonsense", "reinstate"), ("member", "end-assignment")])
def test_only_what_can_be_suspended_is_taken_up_again_and_a_member_leaves_by_another_page(
    me, member, group, kind, ended
):
    Membership.objects.filter(pk=member.pk).update(suspended_from=TODAY)

    assert me.post(url(ended, group.program, kind, member.pk)).status_code == 404


def test_leaving_cannot_be_taken_back_once_it_was_told(member):
    step = running.leave(member, on=TODAY, by=UserFactory())
    Message.objects.filter(kind="left").update(state="sent", sent_at=MONDAY)

    assert undo.latest(step.program) is None
    with pytest.raises(errors.NothingToUndo):
        undo.undo(step)


def test_leaving_cannot_be_taken_back_into_a_seat_that_somebody_else_has(member, group):
    Group.objects.filter(pk=group.pk).update(places=1)
    step = running.leave(member, on=TODAY, by=UserFactory())
    assert undo.latest(step.program) == step
    MembershipFactory(group=fresh(group))

    assert undo.latest(step.program) is None
    with pytest.raises(errors.NothingToUndo):
        undo.undo(step)


def test_leaving_cannot_be_taken_back_by_whoever_came_in_anew(member, group):
    step = running.leave(member, on=TODAY, by=UserFactory())
    MembershipFactory(program=group.program, group=None, user=member.user, state="interested")

    assert undo.latest(step.program) is None


def test_leaving_cannot_be_taken_back_to_a_guide_who_evaluates_by_now(member, group):
    step = running.leave(member, on=TODAY, by=UserFactory())
    assert undo.latest(step.program) == step
    EvaluativeRelationFactory(evaluator=group.guides.get().user, resident=member.user, from_on=TODAY + DAY)

    assert undo.latest(step.program) is None


def test_adding_somebody_asks_the_rules_again_and_tells_the_group_without_a_name(member, group):
    rules = GroundRulesFactory(group=group)
    taking_part.confirm_rules(rules, member.user)

    row = running.add_newcomer(group, running.Newcomer("Newly Arrived", "newly@example.org"))

    assert (row.group, row.invited_at) == (group, MONDAY)
    newest = group.ground_rules.first()
    assert (newest.version, newest.text_en, newest.confirmations.count()) == (2, rules.text_en, 0)
    messages = Message.objects.filter(kind="group-changed")
    assert {message.recipient for message in messages} == {member.user, group.guides.get().user}
    for message in messages:
        email = render(message, kinds_of_mail.find(message.kind), at=MONDAY)
        assert "Newly Arrived" not in email.subject + email.body
        assert ("ground rules" in email.body) == (message.recipient == member.user)
    assert Message.objects.filter(kind="seat-given").get().recipient == row.user


def test_nobody_is_told_of_somebody_added_while_planning(group):
    group.program.stage = "draft"
    group.program.save()

    row = running.add_newcomer(group, running.Newcomer("Newly Arrived", "newly@example.org"))

    assert (row.invited_at, kinds()) == (None, [])


def test_who_evaluates_a_member_is_neither_offered_nor_added(me, member, group):
    relation = EvaluativeRelationFactory(
        institution=group.program.institution, resident=member.user, evaluator__email="boss@example.org"
    )
    seatless = MembershipFactory(
        group=None, program=group.program, user=relation.evaluator, state="interested", joined_on=None
    )
    address = url("add-member", group.program, group.pk)

    assert str(seatless.pk) not in me.get(address).content.decode()
    answer = me.post(address, {"name": "Boss", "email": "boss@example.org"})

    assert answer.status_code == 422
    assert "evaluates a member" in answer.content.decode()
    assert fresh(group).taken == 1


def test_somebody_new_without_an_address_is_asked_for_it_and_keeps_the_name(me, group):
    answer = me.post(url("add-member", group.program, group.pk), {"name": "Newly Arrived"})

    assert answer.status_code == 422
    assert "Newly Arrived" in answer.content.decode()


def test_another_guide_begins_and_the_one_before_stops_the_day_before(member, group):
    old, new = group.guides.get(), UserFactory()
    Guide.objects.filter(pk=old.pk).update(from_on=TODAY - 30 * DAY)
    old = fresh(old)

    running.change_guide(group, new, role="lead", from_on=TODAY + 7 * DAY, replacing=old)

    assert fresh(old).until_on == TODAY + 6 * DAY
    assert {guide.user for guide in group.guides.current(TODAY + 7 * DAY)} == {new}


def test_an_evaluator_does_not_become_the_other_guide_and_the_old_one_stays(member, group):
    relation = EvaluativeRelationFactory(institution=group.program.institution, resident=member.user)
    old = group.guides.get()
    Guide.objects.filter(pk=old.pk).update(from_on=TODAY - 30 * DAY)

    with pytest.raises(errors.EvaluatorInGroup):
        running.change_guide(group, relation.evaluator, role="lead", from_on=TODAY, replacing=fresh(old))

    assert fresh(old).until_on is None


def test_the_page_of_another_guide_changes_it(me, member, group):
    from tests.factories.programs import FacilitatorProfileFactory

    profile = FacilitatorProfileFactory(institution=group.program.institution)
    profile.user.appointments.create(
        institution=group.program.institution, role="intervisor", from_on=TODAY - DAY
    )
    old = group.guides.get()
    address = reverse("planning:another-guide", args=[group.program.pk, group.pk])

    answer = me.post(
        address,
        {"user": profile.user.pk, "replacing": old.pk, "role": "lead", "from_on": TODAY.isoformat()},
    )

    assert answer.status_code == 302
    assert [guide.user for guide in group.guides.active()] == [profile.user]


def test_only_sessions_to_come_go_on_with_another_guide(me, group):
    for number, days in enumerate((-7, -1, 1)):
        GroupSessionFactory(group=group, number=number, starts_at=MONDAY + days * DAY)

    page = me.get(reverse("planning:another-guide", args=[group.program.pk, group.pk])).content.decode()

    assert "1 planned session goes on with the new guide." in page


def test_closing_a_group_can_be_taken_back(me, group):
    me.post(url("close-group", group.program, group.pk), {"closed": "1"})
    assert fresh(group).closed

    me.post(url("undo-change", group.program, UndoableStep.objects.get().pk))
    assert not fresh(group).closed


def test_every_group_without_rules_gets_those_of_the_format(me, group):
    other = GroupFactory(program=group.program)
    GroundRulesFactory(group=other, text_en="Ours")

    me.post(url("ground-rules", group.program))

    assert GroundRules.objects.filter(group=group).count() == 1
    assert [rules.text_en for rules in other.ground_rules.all()] == ["Ours"]


def test_the_same_text_is_no_new_version(me, group):
    rules = GroundRulesFactory(group=group)
    address = url("group-rules", group.program, group.pk)
    said = {"text_en": rules.text_en, "text_nl": rules.text_nl, "version": rules.version}

    me.post(address, said)
    me.post(address, said | {"text_en": "Another"})

    assert sorted(group.ground_rules.values_list("version", "text_en")) == [
        (1, rules.text_en),
        (2, "Another"),
    ]


def test_the_second_of_two_editors_sees_both_texts_and_loses_nothing(me, group):
    GroundRulesFactory(group=group, text_en="First")
    running.agree_rules(group, text_en="Meanwhile", text_nl="Intussen")

    answer = me.post(
        url("group-rules", group.program, group.pk), {"text_en": "Mine", "text_nl": "Mijn", "version": 1}
    )

    page = answer.content.decode()
    assert (answer.status_code, "Mine" in page, "Meanwhile" in page) == (422, True, True)


def suspend(group, member):
    guide = group.guides.get()
    return EvaluativeRelationFactory(
        institution=group.program.institution, evaluator=guide.user, resident=member.user, from_on=TODAY
    )


def test_a_suspended_guide_comes_back_only_when_the_evaluation_has_gone(me, member, group):
    relation = suspend(group, member)
    guide = group.guides.get()
    address = url("reinstate", group.program, "guide", guide.pk)
    assert guide.user.name in me.get(url("suspended", group.program)).content.decode()

    assert me.post(address).status_code == 409
    relation.delete()
    me.post(address)

    assert fresh(guide).suspended_from is None


def test_a_suspended_guide_can_be_taken_off_or_the_group_paused(me, member, group):
    suspend(group, member)
    guide = group.guides.get()

    me.post(url("pause-group", group.program, group.pk), {"paused": "1"})
    assert fresh(group).paused_at
    me.post(url("end-assignment", group.program, "guide", guide.pk))

    assert not group.guides.current(TODAY + DAY).exists()


def test_coordinators_are_told_of_a_suspension_once_by_mail(member, group, coordinator):
    suspend(group, member)

    suspensions.tell_coordinators(at=MONDAY)
    suspensions.tell_coordinators(at=MONDAY + DAY)

    assert [m.recipient for m in Message.objects.filter(kind="suspended")] == [coordinator]


def test_the_reply_to_somebody_who_asks_is_there_in_both_languages(me, group):
    page = me.get(url("asked-about", group.program)).content.decode()

    assert 'lang="en"' in page
    assert "Ik kan je dus niets vertellen" in page


@pytest.mark.parametrize("name", ["running", "ground-rules"])
def test_these_pages_ask_as_much_for_many_groups_as_for_few(me, group, name, django_assert_max_num_queries):
    for _ in range(12):
        other = GroupFactory(program=group.program)
        GuideFactory(group=other)
        GroundRulesFactory(group=other)
        MembershipFactory.create_batch(3, group=other)

    me.get(url(name, group.program))

    with django_assert_max_num_queries(8):
        me.get(url(name, group.program))


def test_leaving_is_not_noted_ahead(me, member, group):
    answer = me.post(url("member-leaves", group.program, member.pk), {"on": "2027-02-01"})

    assert answer.status_code == 422
    assert fresh(member).state == "active"
    assert Group.objects.get(pk=group.pk).taken == 1
    assert Membership.objects.count() == 1


def test_every_mail_of_a_change_can_be_written_in_both_languages(member, group, coordinator):
    GroundRulesFactory(group=group)
    running.add_newcomer(group, running.Newcomer("Newly Arrived", "newly@example.org"))
    running.leave(member, on=TODAY, by=coordinator)
    other = MembershipFactory(group=group, state="active", invited_at=MONDAY)
    suspend(group, other)
    suspensions.tell_coordinators(at=MONDAY)

    sent = {}
    for message in Message.objects.all():
        for language in ("en", "nl"):
            message.recipient.language = language
            email = render(message, kinds_of_mail.find(message.kind), at=MONDAY)
            sent[message.kind, language] = getattr(email, "body", email)

    assert {kind for kind, _ in sent} == {"group-changed", "left", "seat-given", "suspended"}
    assert "Je doet niet meer mee" in sent["left", "nl"]
    assert "opgeschort" in sent["suspended", "nl"]
