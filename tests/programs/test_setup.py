import datetime as dt
import uuid

import pytest
from django.urls import reverse

from intervision import clock
from programs.actions import setup as actions
from programs.errors import StaleProgram, StaleText
from programs.models import Program
from tests.factories.accounts import AppointmentFactory
from tests.factories.programs import (
    GroupFactory,
    MembershipFactory,
    ProgramCoordinatorFactory,
    ProgramFactory,
    RoomFactory,
)

pytestmark = pytest.mark.django_db


def frame_of(format_key="intervision", **changes):
    values = {
        "title": "Intervision for residents",
        "target_size": "6",
        "interval_weeks": "6",
        "session_minutes": "165",
        "sessions_total": "10",
        "intake_minutes": "45",
        "participation": "voluntary",
        "joining": "placed",
        "coaching_mode": "optional",
    }
    return values | changes


@pytest.fixture
def coordinator():
    return AppointmentFactory().user


@pytest.fixture
def running():
    return ProgramCoordinatorFactory()


@pytest.mark.parametrize("format_key", ["intervision", "peer_support", "error_coping_workshop"])
def test_a_saved_frame_is_a_draft_with_the_catalogue_texts_and_its_maker_as_coordinator(
    client, coordinator, format_key
):
    client.force_login(coordinator)
    assert client.get(reverse("programs:new")).status_code == 200
    url = reverse("programs:new-program", args=[format_key])
    assert client.get(url).status_code == 200

    response = client.post(url, frame_of(new_id=uuid.uuid4()))

    program = Program.objects.get()
    assert response.url == reverse("programs:texts", args=[program.pk])
    assert (program.stage, program.format) == ("draft", format_key)
    assert program.steps["frame"] == ("done" if format_key == "intervision" else "look")
    assert [held.user for held in program.coordinators.all()] == [coordinator]
    text = program.texts.get()
    assert text.published_at is None
    assert all([text.purpose_en, text.purpose_nl, text.limits_en, text.limits_nl])


@pytest.mark.parametrize(("name", "method"), [("new-program", "get"), ("frame-notes", "post")])
def test_there_is_no_frame_of_a_format_that_does_not_exist(client, coordinator, name, method):
    client.force_login(coordinator)

    assert getattr(client, method)(reverse(f"programs:{name}", args=["no_such"])).status_code == 404


def test_the_list_of_programs_counts_who_is_in_and_not_who_left(client, running):
    MembershipFactory(program=running.program, group=None, state="invited")
    MembershipFactory(program=running.program, group=None, state="declined")
    client.force_login(running.user)

    (row,) = client.get(reverse("programs:list")).context["rows"]
    assert row.people == "1"


def test_a_double_click_makes_one_program(client, coordinator):
    client.force_login(coordinator)
    url = reverse("programs:new-program", args=["intervision"])
    typed = frame_of(new_id=uuid.uuid4())

    first, second = client.post(url, typed), client.post(url, typed)

    assert first.url == second.url
    assert Program.objects.count() == 1


def test_the_workshop_asks_no_training_matters_and_wants_a_reason_to_be_mandatory(client, coordinator):
    client.force_login(coordinator)
    url = reverse("programs:new-program", args=["error_coping_workshop"])
    page = client.get(url).content.decode()
    assert "interval_weeks" not in page
    assert "coaching_mode" in page

    response = client.post(url, frame_of(participation="mandatory"))

    assert response.status_code == 422
    assert "id_mandatory_reason" in response.content.decode()
    assert not Program.objects.exists()


def test_what_the_papers_prefer_warns_and_does_not_block(client, coordinator):
    client.force_login(coordinator)
    url = reverse("programs:new-program", args=["intervision"])

    client.post(url, frame_of(target_size="12", title="Resilience for residents"))

    program = Program.objects.get()
    assert program.target_size == 12
    assert program.steps["frame"] == "look"
    page = client.get(reverse("programs:frame", args=[program.pk])).content.decode()
    assert "You chose 12; Jorissen 2024 points to 5 to 7" in page
    assert "preparation for coping with error" in page


def test_nothing_typed_is_lost_when_a_field_is_wrong(client, coordinator):
    client.force_login(coordinator)
    url = reverse("programs:new-program", args=["intervision"])

    response = client.post(
        url, frame_of(title="", description="A long story", starts_on="2027-03-01", ends_on="2027-02-01")
    )

    page = response.content.decode()
    assert response.status_code == 422
    assert "A long story" in page
    assert "Choose a last day on or after the first day." in page


def test_the_second_of_two_editors_sees_both_versions_and_overwrites_nothing(client, running):
    program = running.program
    client.force_login(running.user)
    url = reverse("programs:frame", args=[program.pk])
    client.post(url, frame_of(version=1, title="First", target_size="7"))

    response = client.post(url, frame_of(version=1, title="Second"))

    program.refresh_from_db()
    page = response.content.decode()
    assert response.status_code == 409
    assert (program.title, program.target_size, program.version) == ("First", 7, 2)
    assert "First" in page
    assert 'value="Second"' in page
    assert 'name="version" value="2"' in page

    client.post(url, frame_of(version=2, title="Second"))
    program.refresh_from_db()
    assert (program.title, program.version) == ("Second", 3)


def test_save_frame_refuses_a_version_that_is_gone(running):
    with pytest.raises(StaleProgram):
        actions.save_frame(running.program, version=9, values={"title": "Late"})


def test_a_text_changes_in_place_until_published_and_then_gets_a_new_version(running):
    program = running.program
    first = actions.newest_text(program)
    words = dict.fromkeys(actions.TEXT_FIELDS, "Words")

    saved = actions.save_text(program, seen=actions.fingerprint(first), values=words)
    assert (saved.version, program.texts.count()) == (1, 1)
    actions.publish_text(program, at=clock.now())
    again = actions.save_text(
        program, seen=actions.fingerprint(saved), values=words | {"limits_nl": "Anders"}
    )

    assert (again.version, again.published_at, program.texts.count()) == (2, None, 2)
    with pytest.raises(StaleText):
        actions.save_text(program, seen=actions.fingerprint(saved), values=words)


def test_the_second_of_two_editors_of_a_text_sees_the_stored_one(client, running):
    program = running.program
    client.force_login(running.user)
    url = reverse("programs:texts", args=[program.pk])
    assert client.get(url).status_code == 200
    seen = actions.fingerprint(actions.newest_text(program))
    words = dict.fromkeys(actions.TEXT_FIELDS, "Words")
    client.post(url, words | {"seen": seen, "limits_en": "From the first"})

    response = client.post(url, words | {"seen": seen, "limits_en": "From the second"})

    page = response.content.decode()
    assert response.status_code == 409
    assert "From the first" in page
    assert "From the second" in page
    assert program.texts.get().limits_en == "From the first"


def test_a_copy_takes_settings_texts_and_rooms_along_and_nobody(client, running):
    source = running.program
    source.starts_on = dt.date(2026, 1, 1)
    source.save()
    room = RoomFactory(institution=source.institution)
    group = GroupFactory(program=source, room=room, half_day=3)
    MembershipFactory(group=group)
    client.force_login(running.user)
    url = reverse("programs:copy", args=[source.pk])
    assert client.get(url).status_code == 200

    new_id = str(uuid.uuid4())
    client.post(url, {"new_id": new_id})
    client.post(url, {"new_id": new_id})

    made = Program.objects.get(pk=new_id)
    assert (made.copied_from, made.stage, made.starts_on) == (source, "draft", None)
    assert (made.target_size, made.format) == (source.target_size, source.format)
    assert [(g.name, g.room, g.half_day, g.taken) for g in made.groups.all()] == [(group.name, room, 3, 0)]
    assert not made.memberships.exists()
    assert Program.objects.count() == 2


def test_a_next_program_that_is_there_already_is_found_instead_of_made_twice(client, running):
    client.force_login(running.user)
    url = reverse("programs:copy", args=[running.program.pk])
    assert "A next program is there already" not in client.get(url).content.decode()
    new_id = uuid.uuid4()
    client.post(url, {"new_id": new_id})
    Program.objects.filter(pk=new_id).update(title="Second round")

    page = client.get(url).content.decode()

    assert "A next program is there already" in page
    assert f'href="{reverse("programs:frame", args=[new_id])}"' in page
    assert "Second round" in page


def test_a_next_program_that_is_over_or_of_others_is_not_named(client, running):
    client.force_login(running.user)
    for stage in ("completed", "cancelled"):
        made = ProgramFactory(
            copied_from=running.program, institution=running.program.institution, stage=stage
        )
        ProgramCoordinatorFactory(user=running.user, program=made)
    ProgramFactory(copied_from=running.program, institution=running.program.institution)

    page = client.get(reverse("programs:copy", args=[running.program.pk])).content.decode()

    assert "A next program is there already" not in page


def test_a_copy_does_not_take_the_place_of_another_program(client, running):
    another = ProgramCoordinatorFactory(user=running.user).program
    client.force_login(running.user)

    response = client.post(reverse("programs:copy", args=[running.program.pk]), {"new_id": str(another.pk)})

    assert response.status_code == 403


def test_frame_notes_answer_while_typing_and_store_nothing(client, coordinator):
    client.force_login(coordinator)
    url = reverse("programs:frame-notes", args=["intervision"])

    response = client.post(url, frame_of(target_size="12", session_minutes=""))

    assert "You chose 12" in response.content.decode()
    assert not Program.objects.exists()


def test_a_room_can_be_added_changed_and_taken_out_of_use(client, running):
    house = running.program.institution
    client.force_login(running.user)
    slug = house.slug
    client.post(reverse("programs:new-room", args=[slug]), {"name": "Library", "daylight": "on"})
    room = house.rooms.get()

    doubled = client.post(reverse("programs:new-room", args=[slug]), {"name": "Library"})
    client.post(reverse("programs:room", args=[slug, room.pk]), {"name": "Library", "capacity": "8"})
    client.post(reverse("programs:retire-room", args=[slug, room.pk]))

    room.refresh_from_db()
    assert doubled.status_code == 422
    assert (room.capacity, room.daylight, bool(room.retired_at)) == (8, False, True)
    assert client.get(reverse("programs:rooms", args=[slug])).status_code == 200


def test_the_list_of_rooms_asks_the_same_number_of_queries_for_many_rooms(
    client, running, django_assert_max_num_queries
):
    client.force_login(running.user)
    house = running.program.institution
    for _n in range(30):
        GroupFactory(program=running.program, room=RoomFactory(institution=house))
    url = reverse("programs:rooms", args=[house.slug])
    client.get(url)

    with django_assert_max_num_queries(8):
        page = client.get(url).content.decode()

    assert page.count("<tr") == 31


def test_the_list_searches_and_asks_the_same_number_of_queries_for_many_programs(
    client, running, django_assert_max_num_queries
):
    client.force_login(running.user)
    house = running.program.institution
    for number in range(30):
        held = ProgramCoordinatorFactory(
            program__institution=house, user=running.user, program__title=f"Round {number}"
        )
        MembershipFactory(group=GroupFactory(program=held.program))

    with django_assert_max_num_queries(8):
        page = client.get(reverse("programs:list")).content.decode()
    assert page.count("<tr") == 32
    found = client.get(reverse("programs:list"), {"q": "Round 7"}).content.decode()
    assert found.count("<tr") == 2
    assert client.get(reverse("programs:list"), {"q": "xyz"}).status_code == 200
