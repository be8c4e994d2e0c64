"""Somebody whom another institution knows: nothing of that is shown until they take part here."""

import datetime as dt
from uuid import UUID

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.db.models import Subquery
from django.urls import reverse

from accounts.models import User
from intervision import clock
from outbox.models import Message
from programs import own
from programs.actions import people, people_check, people_store, running, seats, undo
from programs.models import Membership, Program
from tests.factories.accounts import PlacementFactory
from tests.factories.own_texts import goal
from tests.factories.programs import (
    EvaluativeRelationFactory,
    FacilitatorProfileFactory,
    GroupFactory,
    GuideFactory,
    IntakeSlotFactory,
    MembershipFactory,
    ProgramCoordinatorFactory,
)
from tests.programs.people.lists import LIST, checked

pytestmark = pytest.mark.django_db
REAL, PRIVATE = "Wildvreemd Elders", "private@elsewhere.example"


@pytest.fixture(autouse=True)
def noon():
    """In the hour before midnight UTC the day of the house is not the day of the machine."""
    with time_machine.travel(clock.now().replace(hour=12)):
        yield


@pytest.fixture
def held():
    return ProgramCoordinatorFactory(program__stage="recruiting")


@pytest.fixture
def program(held):
    return held.program


@pytest.fixture
def known():
    """Placed in another house, with a preferred address of their own beside the one that is typed here."""
    user = PlacementFactory(user__name=REAL, user__email=PRIVATE).user
    EmailAddress.objects.create(user=user, email="anna@example.org", verified=True)
    return user


def pages(program):
    """Every page on which a coordinator reads names."""
    names = ["people", "running", "intakes", "relations", "people-csv"]
    found = [reverse(f"programs:{name}", args=[program.pk]) for name in names]
    found += [reverse(f"planning:{name}", args=[program.pk]) for name in ("groups", "dates")]
    found += [reverse("desk:program", args=[program.pk])]
    return [*found, *(reverse("desk:group", args=[group.pk]) for group in program.groups.all())]


def shown(client, held):
    client.force_login(held.user)
    return "".join(client.get(url, follow=True).content.decode() for url in pages(held.program))


def brought_into_a_group(program, known):
    group = GuideFactory(group=GroupFactory(program=program)).group
    return running.add_newcomer(group, running.Newcomer("Anna Bakker", "anna@example.org"))


def brought_in_by_a_list(program, known):
    people_store.store(checked(program))
    return program.memberships.get(user=known)


@pytest.mark.parametrize("bring", [brought_into_a_group, brought_in_by_a_list])
def test_only_what_was_given_is_shown_until_they_take_part(client, held, program, known, bring):
    place = bring(program, known)
    before = shown(client, held)
    assert place.user == known
    assert "Anna Bakker" in before
    assert REAL not in before
    assert PRIVATE not in before

    place.accepted_at = clock.now()
    place.save()

    assert REAL in shown(client, held)


def test_whoever_evaluates_them_makes_their_other_name_no_more_known(client, held, program, known):
    """In the directory of guides, and among assignments out of force: as a resident, and as an evaluator."""
    place = brought_into_a_group(program, known)
    guide = place.group.guides.get()
    FacilitatorProfileFactory(user=guide.user, institution=program.institution)
    EvaluativeRelationFactory(institution=program.institution, evaluator=guide.user, resident=known)
    other = MembershipFactory(group=place.group)
    EvaluativeRelationFactory(institution=program.institution, evaluator=known, resident=other.user)
    client.force_login(held.user)

    said = [
        client.get(reverse(f"programs:{name}", args=[program.pk])).content.decode()
        for name in ("guides", "suspended")
    ]

    for page in said:
        assert "Anna Bakker" in page
        assert REAL not in page
    assert other.user.name in said[1]


def read(client, user, url, **asked):
    client.force_login(user)
    return client.get(url, asked, follow=True).content.decode()


@pytest.mark.parametrize("page", ["messages", "message"])
def test_messages_go_to_the_name_that_was_given(client, held, program, known, page):
    place = brought_into_a_group(program, known)
    about = [program.pk] if page == "messages" else [program.pk, Message.objects.about([place.pk]).get().pk]

    said = read(client, held.user, reverse(f"sessions:{page}", args=about), show="all")

    assert "Anna Bakker" in said
    assert REAL not in said
    assert PRIVATE not in said


def test_a_receiver_is_found_by_what_is_shown_of_them_only(client, held, program, known):
    brought_into_a_group(program, known)
    url = reverse("sessions:messages", args=[program.pk])

    found = {
        text: "<tbody" in read(client, held.user, url, show="all", q=text)
        for text in (REAL, PRIVATE, "anna bak", "anna@example")
    }

    assert found == {REAL: False, PRIVATE: False, "anna bak": True, "anna@example": True}


def test_what_changed_tells_the_name_that_was_given(client, held, program, known):
    place = brought_into_a_group(program, known)
    EvaluativeRelationFactory(institution=program.institution, resident=known)
    url = reverse("desk:changes", args=[program.pk])

    said = read(client, held.user, url)
    assert "Anna Bakker in the program" in said
    assert "evaluates Anna Bakker" in said
    assert REAL not in said

    place.accepted_at = clock.now()
    place.save()
    assert f"{REAL} in the program" in read(client, held.user, url)


@pytest.fixture
def taken_out(held, known):
    """Brought in and taken out again, before anybody was invited."""
    Program.objects.filter(pk=held.program.pk).update(stage="draft")
    place = brought_in_by_a_list(held.program, known)
    return people.remove_person(place, by=held.user)


def test_who_was_taken_out_again_is_called_nothing(client, held, program, known, taken_out):
    said = read(client, held.user, reverse("desk:changes", args=[program.pk]))

    assert "somebody who is no longer in the program" in said
    assert REAL not in said


def test_who_comes_back_comes_back_as_they_were_brought_in(client, held, program, known, taken_out):
    undo.undo(taken_out)

    back = program.memberships.get(user=known)
    assert (back.name, back.email) == ("Anna Bakker", "anna@example.org")
    assert REAL not in shown(client, held)


def test_who_had_everything_erased_does_not_come_back(program, known, taken_out):
    own.erase_own(known, ["anna@example.org"], at=clock.now())

    assert undo.latest(program) is None


def test_who_declined_before_they_took_part_keeps_the_given_name(client, held, program, known):
    place = brought_into_a_group(program, known)
    seats.decline(place, at=clock.now())
    url = reverse("sessions:messages", args=[program.pk])

    assert REAL not in read(client, held.user, url, show="all")
    assert REAL not in read(client, held.user, reverse("desk:changes", args=[program.pk]))


def test_somebody_who_is_back_in_force_is_called_by_the_name_that_was_given(client, held, program, known):
    place = brought_into_a_group(program, known)
    Membership.objects.filter(pk=place.pk).update(suspended_from=clock.today())
    client.force_login(held.user)

    answer = client.post(reverse("programs:reinstate", args=[program.pk, "member", place.pk]), follow=True)

    assert "Anna Bakker is back in force" in answer.content.decode()
    assert REAL not in answer.content.decode()


def test_their_guide_reads_the_name_that_was_given_too(client, program, known):
    place = brought_into_a_group(program, known)
    guide = place.group.guides.get()
    goal(place, "To say no", shared_with=guide)
    hour = dt.timedelta(hours=1)
    began = clock.now() - 2 * hour
    IntakeSlotFactory(
        program=program, guide=guide.user, membership=place, starts_at=began, ends_at=began + hour
    )
    names = [
        ("programs:read-shared", place),
        ("programs:shared", program),
        ("sessions:intake-outcome", place),
    ]
    urls = [reverse(name, args=[about.pk]) for name, about in names]

    for url in [*urls, reverse("desk:home"), reverse("programs:guide-intakes", args=[program.pk])]:
        said = read(client, guide.user, url)
        assert "Anna Bakker" in said, url
        assert REAL not in said, url


def test_a_search_for_what_is_not_shown_finds_nobody(client, held, program, known):
    brought_in_by_a_list(program, known)
    client.force_login(held.user)
    url = reverse("programs:people", args=[program.pk])

    for text, found in [(REAL, False), (PRIVATE, False), ("anna bak", True), ("anna@example", True)]:
        assert (b"Anna Bakker" in client.get(url, {"q": text}).content) == found, text


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("anna bak", "Anna Bakker"),
        ("anna@example", "Anna Bakker"),
        (REAL, None),
        (PRIVATE, None),
        ("Own Na", "Own Name"),
        ("own@example", "Own Name"),
        ("Typed Before", None),
        ("typed@example", None),
        ("Takes P", "Takes Part"),
        ("part@example", "Takes Part"),
    ],
)
def test_a_search_reads_names_and_addresses_as_they_are_shown(program, known, text, found):
    typed = {"given_name": "Anna Bakker", "given_email": "anna@example.org"}
    MembershipFactory(program=program, user=known, **typed)
    MembershipFactory(program=program, user__name="Own Name", user__email="own@example.org")
    before = {"given_name": "Typed Before", "given_email": "typed@example.org", "accepted_at": clock.now()}
    MembershipFactory(program=program, user__name="Takes Part", user__email="part@example.org", **before)

    assert [row.name for row in program.memberships.search(text)] == ([found] if found else [])


@pytest.mark.parametrize(
    "gone",
    [{"state": "left", "left_on": clock.today()}, {"state": "declined", "group": None, "joined_on": None}],
)
def test_each_is_called_by_the_name_of_their_own_place_of_today(program, known, gone):
    MembershipFactory(pk=UUID(int=1), program=program, user=known, given_name="Typed Before", **gone)
    MembershipFactory(program=program, user=known, given_name="Anna Bakker")
    other = MembershipFactory(program=program, user__name="Own Name").user
    people = User.objects.filter(pk__in=[known.pk, other.pk])

    shown = people.annotate(shown=Subquery(program.memberships.shown_names("pk"))).values_list("pk", "shown")

    assert dict(shown) == {known.pk: "Anna Bakker", other.pk: "Own Name"}


def test_a_second_list_learns_nothing_either(client, held, program, known):
    brought_in_by_a_list(program, known)

    again = checked(program, LIST + "Wildvreemd Elder;other@example.org;2;Surgery;Surgery;;\n")

    outcome = people_check.evaluate(again)
    assert outcome.counts["same"] == 2
    assert outcome.questions == ()


@pytest.mark.parametrize("state", ["declined", "left"])
def test_a_second_list_learns_nothing_of_who_went_before_they_took_part(program, known, state):
    place = brought_in_by_a_list(program, known)
    Membership.objects.filter(pk=place.pk).update(state=state, left_on=clock.today())

    again = checked(program, LIST + "Wildvreemd Elder;other@example.org;2;Surgery;Surgery;;\n")

    assert people_check.evaluate(again).questions == ()


def test_the_message_after_adding_says_the_name_that_was_typed(client, held, program, known):
    group = GuideFactory(group=GroupFactory(program=program)).group
    client.force_login(held.user)
    typed = {"name": "Anna Bakker", "email": "anna@example.org"}

    answer = client.post(reverse("programs:add-member", args=[program.pk, group.pk]), typed, follow=True)

    assert "Anna Bakker is in" in answer.content.decode()
    assert REAL not in answer.content.decode()


def test_whom_this_house_knows_keeps_their_name(client, held, program):
    own = PlacementFactory(
        user__name="Own Name", user__email="own@example.org", department__institution=program.institution
    ).user
    group = GuideFactory(group=GroupFactory(program=program)).group

    row = running.add_newcomer(group, running.Newcomer("Typed Otherwise", "own@example.org"))

    assert (row.user, row.name) == (own, "Own Name")
    assert MembershipFactory(group=group).name
    assert User.objects.get(pk=own.pk).name == "Own Name"


def test_what_was_given_goes_when_its_owner_has_everything_erased(program, known):
    place = brought_in_by_a_list(program, known)

    own.erase_own(known, ["anna@example.org"], at=clock.now())

    place.refresh_from_db()
    assert (place.given_name, place.given_email) == ("", "")
