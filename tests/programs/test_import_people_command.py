import uuid

import pytest
from django.core.management import CommandError, call_command

from programs.models import PeopleImport
from tests.factories.programs import ProgramFactory

pytestmark = pytest.mark.django_db

LIST = b"name;e-mail;training year\nAnna Bakker;anna@example.org;2\nBram Visser;bram;3\n"


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "list.csv"
    path.write_bytes(LIST)
    return path


def test_a_dry_run_says_what_would_happen_and_keeps_nothing(file, capsys):
    program = ProgramFactory()

    call_command("import_people", str(program.pk), str(file), "--dry-run")

    said = capsys.readouterr()
    assert "will add 1, change 0, same 0, skip 1" in said.out
    assert "row 3, email" in said.err
    assert not program.memberships.exists()
    assert not PeopleImport.objects.exists()


def test_the_good_rows_are_stored(file, capsys):
    program = ProgramFactory()

    call_command("import_people", str(program.pk), str(file))

    assert "added 1" in capsys.readouterr().out
    assert program.memberships.get().user.email == "anna@example.org"


def test_what_cannot_be_is_said_in_one_line(file, tmp_path):
    program = ProgramFactory()
    (tmp_path / "no.csv").write_bytes(b"colour\nred\n")

    for given in [
        (str(uuid.uuid4()), str(file)),
        ("x", str(file)),
        (str(program.pk), str(tmp_path / "none.csv")),
        (str(program.pk), str(tmp_path / "no.csv")),
    ]:
        with pytest.raises(CommandError):
            call_command("import_people", *given)
