import datetime as dt

import pytest
import time_machine
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from intervision import clock
from outbox.models import Message
from programs import reasons, stages, steps
from programs.actions import setup
from programs.actions import stages as actions
from programs.errors import NotReady, ReasonsMissing, StageMoved, WarningsUnseen
from programs.mails.invitation import invitation_mail
from programs.models import Occupation
from tests.factories.accounts import HelpContactFactory, PlacementFactory
from tests.factories.programs import (
    EvaluativeRelationFactory,
    GroundRulesFactory,
    GroupFactory,
    GuideFactory,
    IntakeFactory,
    IntakeSlotFactory,
    MembershipFactory,
    ProgramCoordinatorFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def held():
    """A program that may start: complete texts, a help page, one person, a check that asks for nothing more."""
    held = ProgramCoordinatorFactory(program__steps={"check": "done"})
    program = held.program
    HelpContactFactory(institution=program.institution)
    HelpContactFactory(institution=program.institution, kind="emergency")
    MembershipFactory(program=program, group=None, joined_on=None, state="invited")
    say_why(held)
    return held


def say_why(held):
    """One line for each condition that is not met."""
    lines = {one.key: "It is so here." for one in reasons.asked(held.program)}
    reasons.keep(held.program, lines, by=held.user)


@pytest.fixture
def program(held):
    return held.program


def codes(findings):
    return [found.code for found in findings]


def led_group(program, *, years=(1, 1, 2, 2, 3, 3)):
    group = GroupFactory(program=program, name=f"Group {program.groups.count() + 1}")
    GuideFactory(group=group)
    for year in years:
        row = MembershipFactory(group=group)
        PlacementFactory(user=row.user, department__institution=program.institution, training_year=year)
    return group


def test_a_complete_draft_may_start(program):
    assert stages.blocks(program, "recruiting") == []
    assert stages.warnings(program, "recruiting") == []


def test_after_the_start_no_step_stands_open_and_the_way_leads_to_the_program(client, held):
    actions.start(held.program, by=held.user)
    client.force_login(held.user)

    page = client.get(reverse("programs:start", args=[held.program.pk])).content.decode()

    held.program.refresh_from_db()
    assert {step.state for step in steps.shown(held.program, "start")} == {"done", "now"}
    assert page.count(f'href="{reverse("desk:program", args=[held.program.pk])}"') == 2


def test_without_purpose_limits_or_help_page_nothing_starts(program):
    seen = setup.fingerprint(setup.newest_text(program))
    setup.save_text(program, seen=seen, values=dict.fromkeys(setup.TEXT_FIELDS, ""))
    program.institution.help_contacts.filter(kind="emergency").delete()

    assert codes(stages.blocks(program, "recruiting")) == ["text_missing", "help_missing"]
    with pytest.raises(NotReady):
        actions.start(program, by=program.coordinators.get().user)
    assert not Message.objects.exists()


def test_an_unseen_check_and_a_word_that_keeps_people_away_warn(program):
    program.title, program.steps = "Veerkracht voor aios", {}
    program.save()

    assert codes(stages.warnings(program, "recruiting")) == ["resilience_word", "readiness"]


def test_groups_that_exist_need_a_lead_before_the_start(program):
    GroupFactory(program=program)

    assert codes(stages.blocks(program, "recruiting")) == ["no_lead"]


def test_intakes_need_groups(program):
    assert codes(stages.blocks(program, "intakes")) == ["no_groups"]


def test_a_suspended_lead_leads_nobody(program):
    group = led_group(program)
    EvaluativeRelationFactory(evaluator=group.guides.get().user, resident=group.memberships.first().user)

    assert codes(stages.blocks(program, "intakes")) == ["no_lead"]


def test_group_warnings_name_size_mix_peers_and_who_has_no_group(program):
    led_group(program, years=(1, 1, 1, 1, 1))
    led_group(program, years=(1, 1, 2))

    assert codes(stages.warnings(program, "intakes")) == ["unplaced", "single_year", "group_size", "no_peer"]


def test_sessions_need_ground_rules_and_too_few_intakes_warn(program):
    group = led_group(program)
    assert codes(stages.blocks(program, "running")) == ["no_ground_rules"]
    GroundRulesFactory(group=group)
    for row in group.memberships.all()[:5]:
        IntakeFactory(membership=row, state="held", held_at=clock.now())

    assert stages.blocks(program, "running") == []
    assert codes(stages.warnings(program, "running")) == ["intakes_missing"]


def test_formats_without_intakes_go_from_recruiting_to_running(program):
    program.format, program.stage = "peer_support", "recruiting"
    program.save()

    assert stages.next_stage(program) == "running"
    assert codes(stages.blocks(program, "running")) == ["no_groups"]


def test_start_publishes_the_text_and_invites_everybody_once(
    held, program, django_capture_on_commit_callbacks
):
    place = program.memberships.get()

    with django_capture_on_commit_callbacks():
        started = actions.start(program, by=held.user)

    place.refresh_from_db()
    message = Message.objects.get()
    assert (started.stage, started.started_at is not None) == ("recruiting", True)
    assert program.texts.get().published_at is not None
    assert place.invited_at is not None
    assert (message.kind, message.about_id, message.recipient) == ("invitation", place.pk, place.user)
    change = program.stage_changes.get()
    assert (change.from_stage, change.to_stage, change.by) == ("draft", "recruiting", held.user)
    with pytest.raises(StageMoved):
        actions.start(program, by=held.user)
    assert Message.objects.count() == 1


def test_whoever_goes_on_in_spite_of_a_warning_says_why_and_it_is_kept(held, program):
    program.title = "Resilience"
    program.save()
    say_why(held)
    with pytest.raises(WarningsUnseen):
        actions.start(program, by=held.user, note=" ")

    actions.start(program, by=held.user, note="The board chose the name.")

    kept = program.stage_changes.get().warnings[0]
    assert (kept["code"], kept["note"]) == ("resilience_word", "The board chose the name.")


def test_each_condition_that_is_not_met_takes_one_line_that_stays(client, held, program):
    program.title = "Resilience"
    program.degree_required = True
    program.save()
    known = [one.key for one in reasons.asked(program) if one.reason]
    with pytest.raises(ReasonsMissing):
        actions.start(program, by=held.user, note="Seen.", lines={"prep-no-resilience-label": "  "})
    assert [one.key for one in reasons.asked(program) if one.reason] == known
    assert not Message.objects.exists()
    client.force_login(held.user)
    url = reverse("programs:start", args=[program.pk])
    missing = [one.key for one in reasons.asked(program) if not one.reason]
    assert missing

    half = client.post(url, {"note": "Seen.", f"why-{missing[0]}": "The board chose it."})

    assert half.status_code == 422
    assert "The board chose it." in half.content.decode()
    lines = {f"why-{one.key}": f"Why {one.key}" for one in reasons.asked(program)}
    assert client.post(url, {"note": "Seen.", **lines}).status_code == 302
    kept = {row["code"]: row["note"] for row in program.stage_changes.get().warnings}
    assert {key: kept[key] for key in missing} == {key: f"Why {key}" for key in missing}
    assert {row.item: row.text for row in program.justifications.all()}[missing[0]] == f"Why {missing[0]}"
    assert f"Why {missing[0]}" in client.get(url).content.decode()
    layer = reverse("checklist:program-layer", args=[program.pk, "preparation"])
    assert f"Why {missing[0]}" in client.get(layer).content.decode()


def test_the_start_page_shows_what_goes_out_and_the_button_repeats_it(client, held, program):
    client.force_login(held.user)
    url = reverse("programs:start", args=[program.pk])

    page = client.get(url).content.decode()
    assert "Start and send 1 invitation" in page
    assert "Een uitnodiging" in page or "An invitation" in page
    lines = {f"why-{one.key}": one.reason for one in reasons.asked(program)}
    response = client.post(url, lines)

    assert response.url == url
    page = client.get(url).content.decode()
    assert 'aria-current="step"' in page
    assert Message.objects.count() == 1


def test_a_blocked_start_answers_422_with_links_and_sends_nothing(client, held, program):
    program.institution.help_contacts.all().delete()
    client.force_login(held.user)

    response = client.post(reverse("programs:start", args=[program.pk]))

    assert response.status_code == 422
    assert f"/institution/{program.institution.slug}/" in response.content.decode()
    program.refresh_from_db()
    assert program.stage == "draft"


def test_after_the_start_who_left_counts_neither_as_invited_nor_as_taking_part(client, held, program):
    actions.start(program, by=held.user)
    told = {"invited_at": clock.now(), "accepted_at": clock.now()}
    MembershipFactory(program=program, group=None, state="left", left_on=clock.today(), **told)
    client.force_login(held.user)

    shown = client.get(reverse("programs:start", args=[program.pk])).context
    assert (shown["invited"], shown["accepted"]) == (1, 0)


def test_newcomers_are_invited_after_the_start_and_nobody_twice(client, held, program):
    actions.start(program, by=held.user)
    MembershipFactory(program=program, group=None, joined_on=None, state="invited")
    client.force_login(held.user)
    url = reverse("programs:invite", args=[program.pk])
    assert "Send 1 invitation" in client.get(url).content.decode()

    client.post(url)
    client.post(url)

    assert Message.objects.filter(kind="invitation").count() == 2


@pytest.mark.parametrize("language", ["en", "nl"])
def test_the_invitation_leads_to_ones_own_page_and_names_nobody_else(held, program, language):
    from outbox import kinds

    actions.start(program, by=held.user)
    place = program.memberships.get()
    with translation.override(language):
        mail = kinds.find("invitation").render(place.pk, place.user, clock.now())

    assert "/link/" in mail.context["address"]
    assert place.user.name not in mail.subject + program.title
    place.accepted_at = clock.now()
    place.save()
    assert kinds.find("invitation").render(place.pk, place.user, clock.now()).reason == "answered"


@pytest.mark.parametrize(
    ("closing", "said"),
    [
        (None, "before the time that is reserved"),
        ("2027-02-02", "before the time that is reserved"),
        ("2027-02-01", "answer by Mon 1 February 2027"),
    ],
)
def test_the_invitation_asks_for_an_answer_before_what_comes_first(program, closing, said):
    program.answers_until = closing and dt.date.fromisoformat(closing)
    start = dt.datetime(2027, 2, 2, 9, tzinfo=dt.UTC)
    slot = IntakeSlotFactory(program=program, starts_at=start, ends_at=start + dt.timedelta(hours=1))

    mail = invitation_mail(program, address="/link/", slot=slot)

    for kind in ("txt", "html"):
        assert said in render_to_string(f"{mail.template}.{kind}", mail.context)


def test_pause_and_resume_come_back_to_the_same_stage(client, held, program):
    actions.start(program, by=held.user)
    client.force_login(held.user)
    for name, stage in [("pause", "paused"), ("resume", "recruiting")]:
        url = reverse(f"programs:{name}", args=[program.pk])
        assert client.get(url).status_code == 200
        client.post(url)
        program.refresh_from_db()
        assert program.stage == stage
    assert client.post(reverse("programs:resume", args=[program.pk])).status_code == 409


def test_the_end_takes_back_what_was_planned_tells_who_was_invited_and_frees_the_times(client, held, program):
    actions.start(program, by=held.user)
    slot = IntakeSlotFactory(
        program=program,
        starts_at=clock.now() + dt.timedelta(days=9),
        ends_at=clock.now() + dt.timedelta(days=9, hours=1),
    )
    Occupation.objects.create(person=slot.guide, period=(slot.starts_at, slot.ends_at), about_id=slot.pk)
    client.force_login(held.user)
    url = reverse("sessions:cancel-program", args=[program.pk])
    assert client.get(url).status_code == 200

    client.post(url)

    program.refresh_from_db()
    assert program.stage == "cancelled"
    assert sorted(Message.objects.values_list("kind", "state")) == [
        ("invitation", "cancelled"),
        ("program-cancelled", "pending"),
    ]
    assert not Occupation.objects.exists()
    assert "recruiting" in client.get(reverse("programs:start", args=[program.pk])).content.decode()
    with pytest.raises(StageMoved):
        actions.pause(program, by=held.user)


def test_the_clock_opens_the_intakes_when_everybody_answered_or_the_day_is_past(held, program):
    group = led_group(program)
    IntakeSlotFactory(program=program, guide=group.guides.get().user)
    program.answers_until = dt.date(2026, 12, 1)
    program.save()
    with time_machine.travel(dt.datetime(2026, 11, 20, 12, tzinfo=dt.UTC), tick=False):
        say_why(held)
        actions.start(program, by=held.user, note="fine")
        assert actions.advance_due(at=clock.now()) == 0

    with time_machine.travel(dt.datetime(2026, 12, 2, 12, tzinfo=dt.UTC), tick=False):
        assert actions.advance_due(at=clock.now()) == 1
        assert actions.advance_due(at=clock.now()) == 0

    program.refresh_from_db()
    assert program.stage == "intakes"
    assert program.stage_changes.last().by is None


def test_the_clock_does_not_pass_what_blocks(held, program):
    actions.start(program, by=held.user)
    IntakeSlotFactory(program=program)
    program.memberships.update(accepted_at=clock.now())

    assert actions.advance_due(at=clock.now()) == 0

    program.refresh_from_db()
    assert program.stage == "recruiting"


def test_by_hand_the_intakes_open_earlier(client, held, program):
    led_group(program)
    say_why(held)
    actions.start(program, by=held.user, note="fine")
    client.force_login(held.user)
    url = reverse("programs:open-intakes", args=[program.pk])
    assert client.get(url).status_code == 200
    assert client.post(url).status_code == 422

    client.post(url, {"note": "One person is still looking."})

    program.refresh_from_db()
    assert program.stage == "intakes"


def test_a_place_nobody_accepted_by_the_day_is_open_again_unless_a_time_is_kept(held, program):
    group = led_group(program)
    silent = MembershipFactory(group=group, state="placed")
    timed = group.memberships.exclude(pk=silent.pk).first()
    timed.state = "placed"
    timed.save()
    IntakeSlotFactory(program=program, membership=timed)
    program.answers_until = clock.today() - dt.timedelta(days=1)
    program.save()
    say_why(held)
    actions.start(program, by=held.user, note="fine")

    assert actions.release_unanswered(at=clock.now()) == 1

    silent.refresh_from_db()
    timed.refresh_from_db()
    assert (silent.group, silent.state, timed.group) == (None, "invited", group)


def test_the_text_counts_as_published_before_the_invitations_of_the_same_start(held):
    actions.start(held.program, by=held.user, note="Seen.")

    text = held.program.texts.get()
    invited = held.program.memberships.values_list("invited_at", flat=True)
    assert text.published_at <= min(invited)
