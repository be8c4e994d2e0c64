"""What a resident writes for themselves: who reads it, and until when."""

import datetime as dt
import uuid

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

import vault
from catalogue import retention
from intervision import clock
from programs.actions import own_texts, running, seats
from programs.models import GoalSettled, Guide, LearningGoal, Membership, Preparation, Program, StageChange
from programs.offers import LEAVING
from programs.retention import purge
from tests.factories.outbox import MessageFactory
from tests.factories.own_texts import goal, preparation
from tests.factories.programs import (
    EvaluativeRelationFactory,
    GroupFactory,
    GuideFactory,
    MembershipFactory,
    ProgramCoordinatorFactory,
)
from vault import keyring, sealing
from vault.errors import MayNotRead
from vault.models import AccessEvent

pytestmark = pytest.mark.django_db
TEXT = "Kanarie: nee leren zeggen"


def signed_in(user):
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture(autouse=True)
def noon():
    """In the hour before midnight UTC the day of the house is not the day of the machine."""
    with time_machine.travel(clock.now().replace(hour=12)):
        yield


@pytest.fixture
def guide():
    return GuideFactory()


@pytest.fixture
def place(guide):
    return MembershipFactory(group=guide.group, accepted_at=clock.now(), invited_at=clock.now())


@pytest.fixture
def resident(place):
    return signed_in(place.user)


@pytest.fixture
def reader(guide):
    return signed_in(guide.user)


def page(name, pk):
    return reverse(f"programs:{name}", args=[pk])


def write(client, place, share="", **texts):
    data = {"goal_id": uuid.uuid4(), "share": share, "goal": TEXT, "progress": ""} | texts
    return client.post(page("new-goal", place.pk), data)


def opens(client, place):
    return client.post(page("read-shared", place.pk)).content.decode()


@pytest.mark.parametrize(("name", "kind"), [("my-preparation", "preparation"), ("new-goal", "goal")])
@pytest.mark.parametrize("language", ["en", "nl"])
def test_each_sealed_field_begins_by_saying_who_reads_it_and_until_when(
    resident, place, name, kind, language
):
    resident.cookies["django_language"] = language
    said = resident.get(page(name, place.pk)).content.decode()

    nothing = {"en": "You need not write anything here.", "nl": "Je hoeft hier niets op te schrijven."}[
        language
    ]
    assert said.count(nothing) == said.count("<textarea") > 0
    assert said.count(retention.of(kind).sentence.in_language(language)) == said.count("<textarea")


def test_a_goal_is_for_oneself_unless_somebody_is_named(resident, place, reader):
    assert write(resident, place).status_code == 302

    assert TEXT in resident.get(page("my-goals", place.pk)).content.decode()
    assert TEXT not in opens(reader, place)
    assert LearningGoal.objects.get().shared_with is None


def test_the_named_guide_opens_it_and_the_owner_sees_who_and_when(resident, place, guide, reader):
    write(resident, place, share=str(guide.pk))

    before = reader.get(page("read-shared", place.pk)).content.decode()
    assert TEXT not in before
    assert not AccessEvent.objects.filter(actor_id=guide.user_id).exists()
    assert TEXT in opens(reader, place)

    assert AccessEvent.objects.of(place.user).get().actor_id == guide.user_id
    said = resident.get(reverse("programs:opened-by")).content.decode()
    assert guide.user.name in said
    assert "Learning goal" in said


def test_the_list_of_what_was_shared_says_who_and_not_a_word_of_it(resident, place, guide, reader):
    write(resident, place, share=str(guide.pk))
    preparation(place, TEXT, shared_with=guide)

    said = reader.get(page("shared", guide.group.program_id)).content.decode()

    assert place.user.name in said
    assert TEXT not in said


def test_what_a_guide_opens_of_one_member_has_nothing_of_another(place, guide, reader):
    goal(place, shared_with=guide)
    fellow = goal(MembershipFactory(group=place.group), "Theirs alone", shared_with=guide)

    assert "Theirs alone" not in opens(reader, place)
    assert "Theirs alone" in opens(reader, fellow.membership)


def test_a_guide_of_another_group_or_whoever_coordinates_finds_nothing(resident, place, guide):
    write(resident, place, share=str(guide.pk))
    other = GuideFactory(group=GroupFactory(program=guide.group.program))
    coordinator = ProgramCoordinatorFactory(program=guide.group.program)

    for user in (other.user, coordinator.user):
        assert signed_in(user).post(page("read-shared", place.pk)).status_code == 404


def test_a_guide_of_another_group_cannot_be_named(resident, place):
    other = GuideFactory()
    answer = write(resident, place, share=str(other.pk))

    assert answer.status_code == 422
    assert TEXT in answer.content.decode()
    assert not LearningGoal.objects.exists()


def ended(guide):
    Guide.objects.filter(pk=guide.pk).update(until_on=clock.today() - dt.timedelta(days=1))


def appointment_ended(guide):
    guide.user.appointments.update(until_on=clock.today() - dt.timedelta(days=1))


def suspended(guide):
    EvaluativeRelationFactory(
        institution=guide.group.program.institution,
        evaluator=guide.user,
        resident=guide.group.memberships.first().user,
    )


def member_left(guide):
    guide.group.memberships.update(state="left", left_on=clock.today())


def member_moved(guide):
    guide.group.memberships.update(group=GroupFactory(program=guide.group.program))


@pytest.mark.parametrize("change", [ended, appointment_ended, suspended, member_left, member_moved])
def test_from_the_next_request_on_a_guide_reads_nothing_more(resident, place, guide, reader, change):
    write(resident, place, share=str(guide.pk))
    assert TEXT in opens(reader, place)

    change(guide)

    assert TEXT not in opens(reader, place)
    with pytest.raises(MayNotRead):
        vault.read(guide.user, LearningGoal.objects.get())


def test_at_a_hand_over_the_owner_is_asked_again_and_the_answer_is_no_until_given(
    resident, place, guide, reader
):
    write(resident, place, share=str(guide.pk))
    ended(guide)
    successor = GuideFactory(group=guide.group)

    assert "Somebody else guides your group now" in resident.get(page("my-place", place.pk)).content.decode()
    assert guide.user.name in resident.get(page("my-goals", place.pk)).content.decode()
    assert TEXT not in opens(signed_in(successor.user), place)

    text = LearningGoal.objects.get()
    resident.post(page("share-text", text.pk), {"guide": str(successor.pk)})

    assert TEXT in opens(signed_in(successor.user), place)
    assert TEXT not in opens(reader, place)
    assert "Somebody else guides" not in resident.get(page("my-place", place.pk)).content.decode()


def test_the_same_guide_who_comes_back_has_to_be_named_again(resident, place, guide, reader):
    write(resident, place, share=str(guide.pk))
    ended(guide)
    GuideFactory(group=guide.group, user=guide.user)

    assert TEXT not in opens(reader, place)


def moved_away_and_back(place, guide):
    for group in (GroupFactory(program=place.program), guide.group):
        seats.place(place, group, on=clock.today())


def suspended_and_back(place, guide):
    Guide.objects.filter(pk=guide.pk).update(suspended_from=clock.today())
    running.reinstate(guide)


@pytest.mark.parametrize("back", [moved_away_and_back, suspended_and_back])
def test_what_nobody_read_for_a_while_is_shared_by_its_owner_only(resident, place, guide, reader, back):
    write(resident, place, share=str(guide.pk))

    back(place, guide)

    assert TEXT not in opens(reader, place)


def test_sharing_is_taken_back_at_once(resident, place, guide, reader):
    write(resident, place, share=str(guide.pk))
    resident.post(page("share-text", LearningGoal.objects.get().pk))

    assert TEXT not in opens(reader, place)


def test_nobody_is_named_who_does_not_guide(resident, place):
    text = goal(place, TEXT)
    resident.post(page("share-text", text.pk), {"guide": str(GuideFactory().pk)})

    text.refresh_from_db()
    assert text.shared_with is None


def test_the_preparation_is_kept_shared_and_changed(resident, place, guide, reader):
    texts = {"expectations": TEXT, "not_to_discuss": "Thuis", "first_goal": ""}
    resident.post(page("my-preparation", place.pk), texts | {"share": str(guide.pk)})
    assert "Thuis" in opens(reader, place)

    said = resident.get(page("my-preparation", place.pk)).content.decode()
    assert TEXT in said
    resident.post(page("my-preparation", place.pk), texts | {"share": ""})

    assert "Thuis" not in opens(reader, place)
    assert Preparation.objects.count() == 1


def test_a_format_without_intakes_asks_for_no_preparation(resident, place):
    Program.objects.filter(pk=place.program_id).update(format="peer_support")

    assert resident.get(page("my-preparation", place.pk)).status_code == 404


def test_a_goal_saved_or_kept_to_oneself_counts_alike(resident, place):
    other = MembershipFactory(group=place.group, accepted_at=clock.now(), invited_at=clock.now())

    write(resident, place)
    signed_in(other.user).post(page("keep-goal", other.pk))

    facts = GoalSettled.objects.values("on").distinct()
    assert GoalSettled.objects.count() == 2
    assert facts.count() == 1
    assert "counts as a goal" in signed_in(other.user).get(page("my-goals", other.pk)).content.decode()


def test_a_fellow_who_settled_their_goal_settles_nobody_elses(resident, place):
    GoalSettled.objects.create(membership=MembershipFactory(group=place.group))

    assert not resident.get(page("my-goals", place.pk)).context["settled"]


def test_the_day_of_the_first_goal_stays(resident, place):
    with time_machine.travel(dt.datetime(2026, 3, 2, 12, tzinfo=dt.UTC), tick=False):
        own_texts.settle(place)
    own_texts.settle(place)

    assert GoalSettled.objects.get().on == dt.date(2026, 3, 2)


def test_a_form_sent_twice_makes_one_goal(resident, place):
    same = uuid.uuid4()
    for _ in range(2):
        assert write(resident, place, goal_id=same).status_code == 302

    assert LearningGoal.objects.count() == 1


def test_the_id_of_somebody_elses_goal_makes_one_of_ones_own(resident, place):
    theirs = goal(MembershipFactory(), "Van een ander")

    write(resident, place, goal_id=theirs.pk)

    assert place.goals.count() == 1
    assert vault.read(theirs.membership.user, theirs)["goal"] == "Van een ander"


def test_a_sixth_goal_is_refused_and_what_was_typed_stays(resident, place):
    for _ in range(own_texts.MOST_GOALS):
        write(resident, place)

    answer = write(resident, place, goal="Nog een doel")

    assert answer.status_code == 422
    assert "Nog een doel" in answer.content.decode()
    assert place.goals.count() == own_texts.MOST_GOALS


def test_a_goal_is_changed_and_removed_by_its_owner_only(resident, place, reader):
    text = goal(place, TEXT)
    resident.post(page("my-goal", text.pk), {"share": "", "goal": "Anders", "progress": "Gaat goed"})
    assert "Gaat goed" in resident.get(page("my-goals", place.pk)).content.decode()

    assert reader.post(page("remove-goal", text.pk)).status_code == 404
    assert resident.post(page("remove-goal", text.pk)).status_code == 302
    assert not place.goals.exists()


def test_without_the_key_a_page_says_so_planning_goes_on_and_what_is_typed_stays(resident, place, settings):
    goal(place, TEXT)
    settings.INTERVISION_KEKS = keyring.written(keyring.Kek("other", sealing.new_key()))

    closed = resident.get(page("my-goals", place.pk))
    refused = write(resident, place, goal="Net getypt")

    assert closed.status_code == 503
    assert "cannot be opened now" in closed.content.decode()
    assert refused.status_code == 422
    assert "Net getypt" in refused.content.decode()
    for planning in ("my-place", "my-week", "my-group", "new-goal"):
        assert resident.get(page(planning, place.pk)).status_code == 200


def test_without_the_key_each_page_that_opens_a_text_says_so(resident, place, guide, reader, settings):
    text = goal(place, TEXT, shared_with=guide)
    preparation(place, TEXT)
    settings.INTERVISION_KEKS = keyring.written(keyring.Kek("other", sealing.new_key()))

    answers = [
        resident.get(page("my-goal", text.pk)),
        resident.get(page("my-preparation", place.pk)),
        reader.post(page("read-shared", place.pk)),
    ]

    assert [answer.status_code for answer in answers] == [503] * 3
    assert all("cannot be opened now" in answer.content.decode() for answer in answers)


def test_who_came_by_a_personal_link_is_led_to_sign_in(place):
    from tests.factories.links import come_by_link

    client = Client()
    come_by_link(client, place.user, purpose="take_part", about_id=place.pk)

    assert client.get(page("my-place", place.pk)).status_code == 200
    for name in ("my-preparation", "my-goals", "new-goal"):
        answer = client.get(page(name, place.pk))
        assert (answer.status_code, "/accounts/login/" in answer.url) == (302, True)


def test_texts_go_thirty_days_after_the_program_ends(place):
    goal(place, TEXT)
    preparation(place, TEXT)
    program = place.program
    program.stage = "completed"
    program.save()
    end = dt.datetime(2026, 5, 1, tzinfo=dt.UTC)
    StageChange.objects.create(program=program, from_stage="running", to_stage="completed", created_at=end)
    kept = goal(MembershipFactory(), "Van een lopend traject")
    offered = end + dt.timedelta(days=23)
    MessageFactory(
        kind=LEAVING,
        about_id=program.pk,
        recipient=place.user,
        state="sent",
        sent_at=offered,
        created_at=offered,
    )

    assert purge(at=end + dt.timedelta(days=29)) == {"goal": 0, "preparation": 0, "part": 0}
    assert purge(at=end + dt.timedelta(days=31)) == {"goal": 1, "preparation": 1, "part": 0}
    assert list(LearningGoal.objects.all()) == [kept]


def test_a_page_asks_as_often_for_five_goals_as_for_one(resident, place):
    def asked():
        with CaptureQueriesContext(connection) as queries:
            resident.get(page("my-goals", place.pk))
        return len(queries)

    goal(place, TEXT)
    asked()
    one = asked()
    for _ in range(own_texts.MOST_GOALS - 1):
        goal(place, TEXT)

    assert asked() == one


def test_a_former_member_finds_their_pages_closed(resident, place):
    goal(place, TEXT)
    Membership.objects.update(state="left", left_on=clock.today())

    assert resident.get(page("my-goals", place.pk)).status_code == 404
