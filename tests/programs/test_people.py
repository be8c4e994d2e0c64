import io
import subprocess
import sys

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.urls import reverse

from accounts.models import Availability, Department, Placement, User
from intervision import clock
from outbox import work
from outbox.models import Job
from programs.actions import people_check, people_store
from programs.errors import ImportHasQuestions, ImportStored, InvitationsOut
from programs.models import EvaluativeRelation, Membership, PeopleImport
from programs.people.reading import read_pasted
from tests.factories.accounts import AppointmentFactory, DepartmentFactory, PlacementFactory, UserFactory
from tests.factories.programs import (
    GroupFactory,
    GuideFactory,
    MembershipFactory,
    ProgramCoordinatorFactory,
)
from tests.programs.people.messy import EXPECTED, EXPECTED_GOOD, EXPECTED_PAIRS, messy_csv

pytestmark = pytest.mark.django_db

LIST = """name;e-mail;training year;specialty;department;supervisors;half-days
Anna Bakker;anna@example.org;2;Surgery;Surgery;boss@example.org|Carla Smit;mon-am never
Bram Visser;bram@example.org;3;Surgery;Internal;Carla Smit;
"""


@pytest.fixture
def held():
    return ProgramCoordinatorFactory()


@pytest.fixture
def program(held):
    return held.program


def checked(program, text=LIST):
    reading = read_pasted(text, program_format=program.format)
    return people_check.begin(program, reading, by=program.coordinators.get().user)


def everything():
    """Every row that an import may touch, so that a test can say that nothing changed."""
    models = (User, Placement, Department, Availability, EvaluativeRelation, Membership)
    return {m.__name__: sorted(map(str, m.objects.values_list("pk", flat=True))) for m in models}


def test_a_dry_run_says_what_it_will_do_and_stores_nothing(program):
    before = everything()

    outcome = people_check.evaluate(checked(program))

    assert outcome.counts == {"add": 2, "change": 0, "same": 0, "skip": 0}
    assert outcome.new_departments == ("Surgery", "Internal")
    assert outcome.new_supervisors == ("boss@example.org", "Carla Smit")
    assert everything() == before


def test_storing_makes_people_who_cannot_sign_in_with_placement_relation_grid_and_place(program):
    DepartmentFactory(institution=program.institution, name="surgery")

    people_store.store(checked(program))

    anna = User.objects.get(email="anna@example.org")
    assert not anna.has_usable_password()
    placement = anna.placements.get()
    assert (placement.department.name, placement.training_year, placement.specialty) == (
        "surgery",
        2,
        "Surgery",
    )
    assert anna.availability.answers.startswith("n-")
    assert {r.evaluator.name for r in anna.evaluated_by.all()} == {"boss", "Carla Smit"}
    place = anna.memberships.get()
    assert (place.program, place.state, place.group, place.invited_at) == (program, "invited", None, None)
    assert User.objects.filter(name="Carla Smit").count() == 1
    program.refresh_from_db()
    assert program.steps["people"] == "done"


def test_importing_twice_changes_nothing(program):
    people_store.store(checked(program))
    before = everything()

    again = checked(program)
    assert people_check.evaluate(again).counts == {"add": 0, "change": 0, "same": 2, "skip": 0}
    people_store.store(again)

    assert everything() == before


def test_a_second_list_changes_what_it_says_and_undo_puts_it_back(program):
    people_store.store(checked(program))
    before = everything()
    text = LIST.replace("anna@example.org;2", "anna@example.org;4").replace("Bram Visser", "Bram de Visser")
    changing = checked(program, text)
    assert people_check.evaluate(changing).counts["change"] == 2

    stored = people_store.store(changing)

    anna, bram = (User.objects.get(email=f"{who}@example.org") for who in ("anna", "bram"))
    assert (anna.placements.get().training_year, bram.name) == (4, "Bram de Visser")
    people_store.undo(stored)
    anna, bram = (User.objects.get(email=f"{who}@example.org") for who in ("anna", "bram"))
    assert (anna.placements.get().training_year, bram.name) == (2, "Bram Visser")
    assert everything() == before


def test_undo_removes_exactly_what_was_made(program):
    UserFactory(email="boss@example.org")
    before = everything()

    stored = people_store.store(checked(program))
    assert everything() != before
    people_store.undo(stored)

    assert everything() == before
    with pytest.raises(ImportStored):
        people_store.undo(stored)


def test_undo_ends_with_the_first_invitation(program):
    stored = people_store.store(checked(program))
    program.memberships.filter(user__email="anna@example.org").update(invited_at=clock.now())

    with pytest.raises(InvitationsOut):
        people_store.undo(stored)

    assert program.memberships.count() == 2


def test_an_address_known_elsewhere_is_reused_with_the_same_words_as_a_new_one(program):
    elsewhere = PlacementFactory(user__email="anna@example.org", user__name="Somebody Else").user

    outcome = people_check.evaluate(checked(program))
    assert outcome.counts["add"] == 2
    people_store.store(checked(program))

    elsewhere.refresh_from_db()
    assert elsewhere.name == "Somebody Else"
    assert elsewhere.memberships.get().program == program
    assert User.objects.filter(email="anna@example.org").count() == 1


def test_somebody_who_signs_in_keeps_their_own_name_and_address(program):
    own = UserFactory(email="anna@example.org", name="Anna B.", password="set")
    DepartmentFactory(institution=program.institution, name="Surgery")
    PlacementFactory(
        user=own, department__institution=program.institution, training_year=2, specialty="Surgery"
    )

    people_store.store(checked(program))

    own.refresh_from_db()
    assert own.name == "Anna B."


def test_a_move_to_another_department_ends_the_placement_there(program):
    old = PlacementFactory(
        user__email="anna@example.org",
        user__name="Anna Bakker",
        department__institution=program.institution,
    )

    stored = people_store.store(checked(program))

    old.refresh_from_db()
    assert old.until_on is not None
    assert old.user.placements.current().get().department.name == "Surgery"
    people_store.undo(stored)
    old.refresh_from_db()
    assert old.until_on is None


def test_a_supervisor_who_guides_a_group_is_recognised_by_name(program):
    guide = AppointmentFactory(
        institution=program.institution, role="intervisor", user__name="Smit, Carla"
    ).user

    people_store.store(checked(program))

    assert guide.evaluates.count() == 2


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


def test_somebody_who_said_not_this_time_is_left_alone(program):
    said_no = MembershipFactory(
        program=program, group=None, user__email="anna@example.org", state="declined", joined_on=None
    )

    people_store.store(checked(program))

    assert said_no.user.memberships.get().state == "declined"


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


def test_storing_twice_stores_once(client, held, program):
    client.force_login(held.user)
    people_import = checked(program)
    url = reverse("programs:people-store", args=[people_import.pk])

    client.post(url)
    again = client.post(url)

    assert again.status_code == 409
    assert program.memberships.count() == 2


def test_nobody_is_added_to_a_program_that_has_ended(client, held, program):
    people_import = checked(program)
    program.stage = "cancelled"
    program.save()
    client.force_login(held.user)

    refused = client.post(reverse("programs:people-store", args=[people_import.pk]))
    by_hand = client.post(
        reverse("programs:new-person", args=[program.pk]),
        {"name": "Eva Kok", "email": "eva@example.org", "training_year": "1"},
    )

    assert (refused.status_code, by_hand.status_code) == (409, 409)
    assert not program.memberships.exists()


def test_one_person_is_added_and_taken_out_by_hand_with_undo(client, held, program):
    client.force_login(held.user)
    url = reverse("programs:new-person", args=[program.pk])
    assert client.get(url).status_code == 200
    assert client.post(url, {"name": "Eva Kok", "email": "eva"}).status_code == 422
    client.post(url, {"name": "Eva Kok", "email": "eva@example.org", "training_year": "1"})
    place = program.memberships.get()
    assert place.user.placements.get().department.name == "Department not yet known"

    client.post(reverse("programs:remove-person", args=[program.pk, place.pk]))
    assert not program.memberships.exists()
    step = program.undoable_steps.get()
    restore = reverse("programs:restore-person", args=[program.pk, step.pk])
    client.post(restore)
    client.post(restore)

    assert program.memberships.get().user == place.user


def test_whoever_was_invited_is_not_taken_out_here(client, held, program):
    client.force_login(held.user)
    place = MembershipFactory(group=GroupFactory(program=program), invited_at=clock.now())

    response = client.post(reverse("programs:remove-person", args=[program.pk, place.pk]))

    assert response.status_code == 409
    assert program.memberships.exists()


def test_the_list_asks_the_same_number_of_queries_for_many_people(
    client, held, program, django_assert_max_num_queries
):
    client.force_login(held.user)
    rows = "".join(
        f"Person {n} Name;p{n}@example.org;{n % 6 + 1};S;D{n % 5};boss@example.org;\n" for n in range(60)
    )
    stored = checked(program, LIST.splitlines()[0] + "\n" + rows)
    people_check.answer(stored, {q.key: "apart" for q in people_check.evaluate(stored).questions})
    people_store.store(stored)

    client.get(reverse("programs:people", args=[program.pk]))  # notes in the session that it is in use
    with django_assert_max_num_queries(8):
        page = client.get(reverse("programs:people", args=[program.pk])).content.decode()

    assert page.count("<tr") == 51
    found = client.get(reverse("programs:people", args=[program.pk]), {"q": "Person 7 "}).content.decode()
    assert found.count("<tr") == 2
    csv = client.get(reverse("programs:people-csv", args=[program.pk])).content.decode("utf-8-sig")
    assert len(csv.splitlines()) == 61
    assert client.get(reverse("programs:people-example", args=[program.pk])).status_code == 200


def test_a_messy_list_of_five_thousand_ends_in_exactly_the_rows_it_announced(client, held, program):
    client.force_login(held.user)
    file = SimpleUploadedFile("list.csv", messy_csv())
    response = client.post(reverse("programs:import-people", args=[program.pk]), {"file": file})
    people_import = PeopleImport.objects.get()
    outcome = people_check.evaluate(people_import)
    assert len(outcome.bad) == EXPECTED.total()
    assert len(outcome.questions) == EXPECTED_PAIRS
    page = client.get(response.url).content.decode()
    assert f"{EXPECTED.total()} rows to fix" in page

    client.post(reverse("programs:people-answer", args=[people_import.pk]), {"all_apart": "1"})
    response = client.post(reverse("programs:people-store", args=[people_import.pk]))
    job = Job.objects.get()
    assert response.url == reverse("outbox:job", args=[job.pk])
    assert program.memberships.count() == 0

    people_store.store(people_import)

    people_import.refresh_from_db()
    assert people_import.counts == {"add": EXPECTED_GOOD, "change": 0, "same": 0, "skip": EXPECTED.total()}
    assert program.memberships.count() == EXPECTED_GOOD


@pytest.mark.django_db(transaction=True)
def test_a_list_in_the_background_reports_and_stores_all():
    held = ProgramCoordinatorFactory()
    program = held.program
    rows = "".join(f"Xa{n:04}b Yo{n:04}z;p{n}@example.org;1;S;D;boss@example.org;\n" for n in range(600))
    people_import = checked(program, LIST.splitlines()[0] + "\n" + rows)
    people_check.answer(
        people_import, {q.key: "apart" for q in people_check.evaluate(people_import).questions}
    )
    job = people_store.confirm(people_import, by=held.user)
    assert job.total == 600

    work.run(job.pk)

    job.refresh_from_db()
    people_import.refresh_from_db()
    assert (job.state, people_import.state) == ("done", "stored")
    assert program.memberships.count() == 600


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_worker_killed_half_way_has_stored_nothing_and_the_next_one_stores_all():
    program = ProgramCoordinatorFactory().program
    people_import = checked(program)
    before = everything()
    arguments = [connection.settings_dict["NAME"], str(people_import.pk)]
    worker = subprocess.Popen(
        [sys.executable, "-m", "tests.programs.importing", *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert worker.stdin
    assert worker.stdout
    for _step in range(5):  # departments, people, placements, the grid: then the supervisors' turn comes
        assert worker.stdout.readline()
        worker.stdin.write("\n")
        worker.stdin.flush()
    assert worker.stdout.readline()

    worker.kill()
    worker.wait(30)

    assert everything() == before
    people_store.store(people_import)
    assert program.memberships.count() == 2


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


def test_a_workshop_asks_the_discipline_and_no_training_year(client, held, program):
    program.format = "error_coping_workshop"
    program.save()
    client.force_login(held.user)
    page = client.get(reverse("programs:new-person", args=[program.pk])).content.decode()
    assert "id_discipline" in page
    assert "id_training_year" not in page

    pasted = "naam;e-mail;beroep;afdeling\nAnna Bakker;anna@example.org;verloskundige;Vrouw en kind\n"
    client.post(reverse("programs:import-people", args=[program.pk]), {"pasted": pasted})
    people_store.store(PeopleImport.objects.get())

    placement = Placement.objects.get()
    assert (placement.discipline, placement.training_year) == ("verloskundige", None)


def test_forged_answers_and_rows_change_nothing(client, held, program):
    client.force_login(held.user)
    people_import = checked(program)
    before = people_import.rows

    forged = {"99-email": "x@example.org", "2-password": "x", "out": "x", "-": "x", "pair-2-9": "same"}
    client.post(reverse("programs:people-mend", args=[people_import.pk]), forged)
    client.post(reverse("programs:people-answer", args=[people_import.pk]), forged)

    people_import.refresh_from_db()
    assert people_import.rows == before
