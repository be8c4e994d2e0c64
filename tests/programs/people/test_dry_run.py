"""What a list says before anything of it is stored: read, mended, asked about."""

import io

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from accounts.models import User
from intervision import clock
from programs.actions import people_check, people_store
from programs.errors import ImportHasQuestions
from programs.models import PeopleImport
from tests.factories.accounts import PlacementFactory, UserFactory
from tests.factories.programs import (
    GroupFactory,
    GuideFactory,
    MembershipFactory,
)
from tests.programs.people.lists import LIST, checked, everything

pytestmark = pytest.mark.django_db


def test_a_dry_run_says_what_it_will_do_and_stores_nothing(program):
    before = everything()

    outcome = people_check.evaluate(checked(program))

    assert outcome.counts == {"add": 2, "change": 0, "same": 0, "skip": 0}
    assert outcome.new_departments == ("Surgery", "Internal")
    assert outcome.new_supervisors == ("boss@example.org", "Carla Smit")
    assert everything() == before


def test_the_dry_run_names_the_guides_whom_the_list_suspends(client, held, program):
    people_store.store(checked(program, LIST.replace("boss@example.org|Carla Smit", "")))
    group = GroupFactory(program=program)
    anna = program.memberships.get(user__email="anna@example.org")
    MembershipFactory(group=group)
    anna.group, anna.joined_on, anna.state = group, clock.today(), "placed"
    anna.save()
    guide = GuideFactory(group=group, user=UserFactory(name="Bea Baas", email="boss@example.org"))
    client.force_login(held.user)

    people_import = checked(program)
    page = client.get(reverse("programs:people-import", args=[people_import.pk])).content.decode()
    people_store.store(people_import)

    assert "By this list Bea Baas evaluates a member" in page
    guide.refresh_from_db()
    assert guide.suspended_from is not None


def test_the_list_to_try_the_demonstration_with_has_one_address_to_mend(client, held, program, settings):
    client.force_login(held.user)
    tried = SimpleUploadedFile(
        "people.csv", (settings.BASE_DIR / "static" / "try" / "people.csv").read_bytes()
    )

    client.post(reverse("programs:import-people", args=[program.pk]), {"file": tried})

    counts = people_check.evaluate(PeopleImport.objects.get()).counts
    assert counts == {"add": 39, "change": 0, "same": 0, "skip": 1}


def test_alike_names_are_asked_about_and_block_until_answered(program):
    known = PlacementFactory(
        user__name="A. Bakker", user__email="ab@example.org", department__institution=program.institution
    ).user
    text = LIST + "Bram Vissers;bv@example.org;3;;;;\n"
    people_import = checked(program, text)
    first, second = people_check.evaluate(people_import).questions
    with pytest.raises(ImportHasQuestions):
        people_store.store(people_import)

    people_check.answer(people_import, {first.key: "apart", second.key: "same"})

    assert people_check.evaluate(people_import).questions == ()
    people_store.store(people_import)
    assert known.memberships.get().program == program
    assert not User.objects.filter(email="anna@example.org", memberships=None).exists()
    assert program.memberships.count() == 3


def test_a_bad_row_is_mended_in_place_and_keeps_what_was_typed(client, held, program):
    client.force_login(held.user)
    pasted = LIST + "Cas Smits;not-an-address;9999;;;;\n"
    response = client.post(reverse("programs:import-people", args=[program.pk]), {"pasted": pasted})
    people_import = PeopleImport.objects.get()
    assert response.url == reverse("programs:people-import", args=[people_import.pk])
    page = client.get(response.url).content.decode()
    assert "1 row to fix" in page
    assert "not-an-address" in page

    mend = reverse("programs:people-mend", args=[people_import.pk])
    still = client.post(mend, {"4-email": "cas@example", "4-training_year": "2"})
    assert still.status_code == 422
    assert "cas@example" in still.content.decode()
    client.post(mend, {"4-email": "cas@example.org"})

    response = client.post(reverse("programs:people-store", args=[people_import.pk]))
    assert response.url == reverse("programs:people", args=[program.pk])
    assert program.memberships.count() == 3
    page = client.get(response.url).content.decode()
    assert "3 added" in page
    undo = reverse("programs:people-undo", args=[people_import.pk])
    assert undo in page
    client.post(undo)
    assert program.memberships.count() == 0


def test_a_row_can_be_left_out_and_a_list_thrown_away(client, held, program):
    client.force_login(held.user)
    people_import = checked(program, LIST + "Cas;x;1;;;;\n")
    client.post(reverse("programs:people-mend", args=[people_import.pk]), {"out": "4"})
    people_import.refresh_from_db()
    assert people_check.evaluate(people_import).bad == ()

    client.post(reverse("programs:people-drop", args=[people_import.pk]))

    assert not PeopleImport.objects.exists()


def test_a_file_that_cannot_be_read_says_why_and_keeps_the_page(client, held, program):
    client.force_login(held.user)
    url = reverse("programs:import-people", args=[program.pk])
    for file, words in [
        (SimpleUploadedFile("a.csv", b"colour;size\nred;4\n"), "is missing"),
        (SimpleUploadedFile("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), "old Excel file"),
        (SimpleUploadedFile("a.csv", b"x" * (5 * 1024 * 1024 + 1)), "larger than 5 MB"),
    ]:
        response = client.post(url, {"file": file})
        assert response.status_code == 422
        assert words in response.content.decode()
    assert client.post(url, {}).status_code == 422
    assert not PeopleImport.objects.exists()


def test_a_workbook_is_read_like_a_csv_file(client, held, program):
    book = openpyxl.Workbook()
    for line in LIST.strip().splitlines():
        book.active.append(line.split(";"))
    content = io.BytesIO()
    book.save(content)
    client.force_login(held.user)

    file = SimpleUploadedFile("list.xlsx", content.getvalue())
    client.post(reverse("programs:import-people", args=[program.pk]), {"file": file})

    outcome = people_check.evaluate(PeopleImport.objects.get())
    assert outcome.counts == {"add": 2, "change": 0, "same": 0, "skip": 0}


def test_forged_answers_and_rows_change_nothing(client, held, program):
    client.force_login(held.user)
    people_import = checked(program)
    before = people_import.rows

    forged = {"99-email": "x@example.org", "2-password": "x", "out": "x", "-": "x", "pair-2-9": "same"}
    client.post(reverse("programs:people-mend", args=[people_import.pk]), forged)
    client.post(reverse("programs:people-answer", args=[people_import.pk]), forged)

    people_import.refresh_from_db()
    assert people_import.rows == before
