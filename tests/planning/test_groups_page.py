"""The coordinator composes groups: by proposal, then by hand, with a way back."""

import datetime as dt
from types import SimpleNamespace

import pytest
from django.urls import reverse
from django.utils import translation
from django.utils.html import escape

from accounts.models import Availability, User
from planning.actions.groups import propose_groups
from planning.board import Seat, _years
from planning.forms.groups import half_day_label
from programs.actions import groups, undo
from programs.errors import EvaluatorInGroup, NothingToUndo
from programs.models import FacilitatorProfile, Group, Guide, Program
from programs.templatetags.half_days import half_day
from sessions.actions import series
from tests.factories.accounts import AppointmentFactory, PlacementFactory
from tests.factories.programs import (
    EvaluativeRelationFactory,
    FacilitatorProfileFactory,
    GroupFactory,
    GuideFactory,
    MembershipFactory,
    ProgramCoordinatorFactory,
    ProgramFactory,
)
from tests.factories.sessions import GroupSessionFactory

TODAY = dt.date(2026, 11, 2)

pytestmark = pytest.mark.django_db


@pytest.fixture
def program():
    return ProgramFactory()


@pytest.fixture
def coordinator(program, client):
    user = ProgramCoordinatorFactory(program=program).user
    client.force_login(user)
    return user


def people(program, count):
    """``count`` residents without a seat, two to a training year."""
    rows = []
    for number in range(count):
        row = MembershipFactory(group=None, program=program, state="invited", joined_on=None)
        PlacementFactory(user=row.user, training_year=number // 2 % 5 + 1)
        rows.append(row)
    return rows


def guide_of(program):
    profile = FacilitatorProfileFactory(institution=program.institution)
    AppointmentFactory(user=profile.user, institution=program.institution, role="intervisor")
    return profile.user


def test_a_proposal_seats_everybody_and_gives_each_group_a_lead(program, coordinator):
    people(program, 12)
    guide_of(program), guide_of(program)

    propose_groups(program, by=coordinator, on=TODAY)

    assert sorted(program.groups.values_list("taken", flat=True)) == [6, 6]
    assert Guide.objects.filter(group__program=program, role="lead").count() == 2


def test_a_proposal_never_puts_an_evaluator_over_their_resident(program, coordinator):
    rows, guides = people(program, 12), [guide_of(program), guide_of(program)]
    for row in rows[:6]:
        EvaluativeRelationFactory(evaluator=guides[0], resident=row.user)

    propose_groups(program, by=coordinator, on=TODAY)

    led = program.groups.get(guides__user=guides[0])
    assert not led.memberships.filter(pk__in=[row.pk for row in rows[:6]]).exists()


def test_a_proposal_is_taken_back_whole(program, coordinator):
    people(program, 12), guide_of(program)
    propose_groups(program, by=coordinator, on=TODAY)

    undo.undo(undo.latest(program))

    assert not program.groups.exists()
    assert not program.memberships.filter(group__isnull=False).exists()


@pytest.fixture
def proposed(program, coordinator):
    """A proposal put into effect; its step."""
    people(program, 12), guide_of(program)
    propose_groups(program, by=coordinator, on=TODAY)
    return undo.latest(program)


def refused(client, step):
    """Whether ``step`` is offered on no page, and refused to whoever asks all the same."""
    address = reverse("planning:undo", args=[step.program_id, step.pk])
    also = reverse("programs:undo-change", args=[step.program_id, step.pk])
    for page in ("planning:groups", "programs:running", "desk:changes"):
        said = client.get(reverse(page, args=[step.program_id])).content.decode()
        assert address not in said
        assert also not in said
    answer = client.post(address)
    return answer.status_code == 409 and step.program.groups.exists()


def test_a_proposal_is_not_taken_back_from_under_somebody_who_was_in_a_group(proposed, client):
    MembershipFactory(group=proposed.program.groups.first(), state="left", left_on=TODAY)

    assert refused(client, proposed)


def test_a_proposal_is_not_taken_back_once_its_groups_have_dates(proposed, client):
    group, starts_at = proposed.program.groups.first(), dt.datetime(2027, 1, 4, 16, tzinfo=dt.UTC)
    series.plan_series(group, [series.Moment(starts_at, starts_at + dt.timedelta(hours=2))], by=proposed.by)

    assert refused(client, proposed)
    assert group.sessions.exists()


def test_a_proposal_is_not_taken_back_in_a_program_that_runs(proposed, client):
    Program.objects.filter(pk=proposed.program_id).update(stage="running")
    GroupSessionFactory(group=proposed.program.groups.first())

    assert refused(client, proposed)


@pytest.fixture
def moved(program, coordinator):
    """Somebody moved from a group with one place to another; the step."""
    narrow, other = GroupFactory(program=program, places=1), GroupFactory(program=program)
    row = MembershipFactory(group=narrow, accepted_at=None)
    step = groups.move(row, other, on=TODAY, by=coordinator)
    assert undo.latest(program) == step
    return SimpleNamespace(step=step, row=row, before=narrow)


def test_a_move_is_not_taken_back_into_a_seat_that_somebody_else_has(moved, client):
    MembershipFactory(group=moved.before)

    assert refused(client, moved.step)


def test_a_move_is_not_taken_back_into_a_group_that_is_closed(moved, client):
    Group.objects.filter(pk=moved.before.pk).update(closed=True)

    assert refused(client, moved.step)


def test_a_move_is_not_taken_back_to_somebody_who_evaluates_by_now(moved, client):
    led = GuideFactory(group=moved.before)
    EvaluativeRelationFactory(evaluator=led.user, resident=moved.row.user)

    assert refused(client, moved.step)


def test_people_who_sit_already_stay_where_they_are(program, coordinator):
    kept = GuideFactory(group__program=program).group
    sitting = MembershipFactory(group=kept)
    people(program, 5)

    propose_groups(program, by=coordinator, on=TODAY)

    sitting.refresh_from_db()
    assert sitting.group == kept


def test_a_move_says_what_happened_and_offers_the_way_back(program, coordinator, client):
    row, group = people(program, 1)[0], GroupFactory(program=program)

    answer = client.post(
        reverse("planning:move", args=[program.pk, row.pk]), {"group": group.pk}, follow=True
    )

    row.refresh_from_db()
    assert row.group == group
    assert reverse("planning:undo", args=[program.pk, undo.latest(program).pk]) in answer.content.decode()


def test_a_move_to_an_evaluators_group_is_refused_in_words_and_changes_nothing(program, coordinator, client):
    row = people(program, 1)[0]
    led = GuideFactory(group__program=program)
    EvaluativeRelationFactory(evaluator=led.user, resident=row.user)

    answer = client.post(reverse("planning:move", args=[program.pk, row.pk]), {"group": led.group.pk})

    row.refresh_from_db()
    assert (answer.status_code, row.group) == (409, None)
    assert escape(str(EvaluatorInGroup.message)) in answer.content.decode()


def test_who_left_is_not_seated_again_by_hand(program, coordinator, client):
    left = MembershipFactory(
        group=None, program=program, state="left", joined_on=None, left_on=dt.date(2026, 10, 1)
    )
    group = GroupFactory(program=program)

    answer = client.post(reverse("planning:move", args=[program.pk, left.pk]), {"group": group.pk})

    left.refresh_from_db()
    assert (answer.status_code, left.group, left.state) == (404, None, "left")


def test_whose_time_as_a_guide_is_over_does_not_get_a_later_end(program, coordinator, client):
    over = dt.date(2026, 1, 1)
    guide = GuideFactory(group__program=program, until_on=over)
    address = reverse("planning:end-guide", args=[program.pk, guide.group_id, guide.pk])

    assert client.post(address).status_code == 404

    guide.refresh_from_db()
    assert guide.until_on == over


def test_only_the_latest_change_can_be_taken_back(program, coordinator):
    row, group = people(program, 1)[0], GroupFactory(program=program)
    first = groups.move(row, group, on=TODAY, by=coordinator)
    groups.move(row, None, on=TODAY, by=coordinator)

    with pytest.raises(NothingToUndo):
        undo.undo(first)


def test_a_larger_group_than_the_format_prefers_asks_why(program, coordinator, client):
    group = GroupFactory(program=program)
    data = {"name": group.name, "places": 9, "places_reason": "", "half_day": ""}
    address = reverse("planning:group", args=[program.pk, group.pk])

    refused = client.post(address, data)
    accepted = client.post(address, data | {"places_reason": "One department comes as a whole."})

    assert (refused.status_code, accepted.status_code) == (422, 302)


def test_guides_who_evaluate_a_member_are_not_offered_and_the_page_says_why(program, coordinator, client):
    group, guide = GroupFactory(program=program), guide_of(program)
    EvaluativeRelationFactory(evaluator=guide, resident=MembershipFactory(group=group).user)

    page = client.get(reverse("planning:group", args=[program.pk, group.pk])).content.decode()

    assert f'value="{guide.pk}"' not in page
    assert guide.name in page


def test_a_half_day_suits_everybody_only_when_everybody_said_so(program, coordinator, client):
    group = GroupFactory(program=program)
    first, second = (MembershipFactory(group=group).user for _ in range(2))
    guide = guide_of(program)
    Availability.objects.create(user=guide, answers="f" * 14)
    GuideFactory(group=group, user=guide)
    address = reverse("planning:group", args=[program.pk, group.pk])

    assert "(suits" not in client.get(address).content.decode()
    Availability.objects.create(user=first, answers="f" * 14)
    assert "Monday morning (suits the 2 of 3 who answered)" in client.get(address).content.decode()
    Availability.objects.create(user=second, answers="n" + "f" * 13)
    page = client.get(address).content.decode()
    assert "Monday morning<" in page
    assert "Monday afternoon (suits everybody)" in page


@pytest.mark.parametrize(("language", "words"), [("en", "monday afternoon"), ("nl", "maandagmiddag")])
def test_a_half_day_is_written_as_its_language_writes_it(language, words):
    with translation.override(language):
        assert (half_day_label(1).lower(), half_day(1).lower()) == (words, words)


def test_whoever_chooses_a_guide_sees_whose_hands_are_full(program, coordinator, client):
    group, full, free = GroupFactory(program=program), guide_of(program), guide_of(program)
    FacilitatorProfile.objects.filter(user=full).update(capacity=1)
    GuideFactory(group=GroupFactory(program=program), user=full)

    page = client.get(reverse("planning:group", args=[program.pk, group.pk])).content.decode()

    assert f"{full.name} (1 of 1 group: full)" in page
    assert f"{free.name} (0 of {free.facilitator_profiles.get().capacity} groups)" in page


def test_groups_without_a_guide_lead_to_where_guides_are_added(program, coordinator, client):
    people(program, 1)
    group, address = GroupFactory(program=program), reverse("planning:groups", args=[program.pk])
    words = "The program starts when every group has a guide."

    assert words in client.get(address).content.decode()
    GuideFactory(group=group)
    assert words not in client.get(address).content.decode()


def test_a_guide_for_a_group_finishes_the_step_of_the_guides(program, coordinator, client):
    group, guide = GroupFactory(program=program), guide_of(program)

    client.post(
        reverse("planning:assign-guide", args=[program.pk, group.pk]), {"user": guide.pk, "role": "lead"}
    )

    program.refresh_from_db()
    assert program.steps["guides"] == "done"


@pytest.mark.parametrize("size", [3, 30])
def test_the_groups_page_asks_the_same_questions_however_many_people(
    size, program, coordinator, client, django_assert_max_num_queries
):
    guide_of(program)
    people(program, size)
    propose_groups(program, by=coordinator, on=TODAY)

    client.get(reverse("planning:groups", args=[program.pk]))  # signing in is noted now
    with django_assert_max_num_queries(11):  # three ask whether the proposal can be taken back
        client.get(reverse("planning:groups", args=[program.pk]))


def test_adding_a_group_twice_with_one_page_adds_one(client, program, coordinator):
    people(program, 6)
    page = client.get(reverse("planning:groups", args=[program.pk]))
    url, given = reverse("planning:add-group", args=[program.pk]), {"new_id": page.context["new_id"]}
    assert str(given["new_id"]) in page.content.decode()

    for _ in range(2):
        assert client.post(url, given).status_code == 302
    assert program.groups.count() == 1
    client.post(url, {"new_id": client.get(page.wsgi_request.path).context["new_id"]})

    assert program.groups.count() == 2


def test_the_id_of_a_group_elsewhere_adds_a_new_one_here(client, program, coordinator):
    elsewhere = GroupFactory()

    client.post(reverse("planning:add-group", args=[program.pk]), {"new_id": elsewhere.pk})

    assert program.groups.exclude(pk=elsewhere.pk).count() == 1
    elsewhere.refresh_from_db()
    assert elsewhere.program != program


def test_the_years_of_a_group_are_said_in_words():
    seats = [Seat(MembershipFactory.build(), year, "", frozenset()) for year in (3, 1, 3, None)]

    assert _years(seats) == "1 in year 1, 2 in year 3"
    assert _years([]) == ""


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ["People with a seat: 1 of 3.", "Groups with a guide: 1 of 2."]),
        ("nl", ["Mensen met een plek: 1 van de 3.", "Groepen met een begeleider: 1 van de 2."]),
    ],
)
def test_how_far_the_groups_are_is_right_for_every_number(language, words, program, coordinator, client):
    User.objects.filter(pk=coordinator.pk).update(language=language)
    people(program, 2)
    MembershipFactory(group=GuideFactory(group__program=program).group)
    GroupFactory(program=program)

    page = client.get(reverse("planning:groups", args=[program.pk])).content.decode()

    assert all(sentence in page for sentence in words)
