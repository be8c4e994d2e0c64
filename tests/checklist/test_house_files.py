"""What a director takes along of the institution's rings: what the page shows, as PDF, table and data, and no more."""

import csv
import datetime as dt
import io

import pikepdf
import pytest
import time_machine
from django.conf import settings
from django.urls import reverse
from django.utils import translation

import catalogue
from checklist import house as taken
from checklist import picture
from checklist.lines import ORDER
from surveys.models import HalfYearResult
from tests.checklist.test_pooling import BEFORE, NOW, a_program, keep, rings
from tests.checklist.test_report import tagged
from tests.factories.accounts import AppointmentFactory, InstitutionFactory

pytestmark = pytest.mark.django_db
KNOWN = catalogue.load()


@pytest.fixture
def house():
    with time_machine.travel(NOW, tick=False):
        yield InstitutionFactory(name="Waterpoort")


@pytest.fixture
def released(house):
    """Three groups of four, and one question that the director was shown."""
    keep(a_program(house, groups=3, people=4), BEFORE)
    HalfYearResult.objects.create(
        institution=house, format="intervision", kind="pulse", from_on=dt.date(2026, 7, 1),
        words={"min-safety-felt": "good"}, people_at_least=10, released_at=BEFORE,
    )  # fmt: skip
    return house


@pytest.fixture
def take(client):
    def file(house, kind):
        picture.take_due(at=NOW)
        client.force_login(AppointmentFactory(institution=house, role="director").user)
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
        return client.get(reverse(f"checklist:house{kind}", args=[house.slug]))

    return file


def test_table_and_data_say_each_layer_as_the_page_does(take, released):
    page = take(released, "").content.decode()

    rows = list(
        csv.DictReader(io.StringIO(take(released, "-csv").content.decode("utf-8-sig")), delimiter=";")
    )
    found = take(released, "-json").json()

    assert [row["layer"] for row in rows] == [str(KNOWN.layers[key].label) for key in ORDER]
    said = [row["how_it_stands"] for row in rows]
    assert [layer["how_it_stands"] for layer in found["layers"]] == said
    assert all(one.replace("'", "&#x27;") in page for one in said)
    assert {row["as_it_stood_on"] for row in rows} == {"2027-01-01"} == {found["as_it_stood_on"]}
    assert found["finding"] in page
    assert set(found) == {
        "catalogue_version", "note", "institution", "as_it_stood_on", "finding", "layers",
    }  # fmt: skip


@pytest.mark.parametrize("kind", ["-csv", "-json", "-report"])
def test_no_file_names_a_program_a_group_or_a_condition(take, released, kind):
    answer = take(released, kind)

    said = answer.content
    if kind == "-report":
        said = str(taken.words(released, rings(released, NOW))).encode()
    assert answer.headers["Content-Disposition"].startswith(f'attachment; filename="{released.slug}-rings.')
    assert b"Kanarie" not in said
    assert not any(str(item.statement).encode() in said for item in KNOWN.items.values())


@pytest.mark.parametrize("kind", ["-csv", "-json"])
def test_where_there_is_too_little_a_file_holds_no_layer(take, house, kind):
    keep(a_program(house, groups=2, people=6), BEFORE)

    said = take(house, kind).content.decode()

    assert "Too few groups to show anything" in said or kind == "-csv"
    assert not any(str(layer.label) in said for layer in KNOWN.layers.values())
    assert b"%PDF" in take(house, "-report").content[:8]
    assert 'class="button ghost"' not in take(house, "").content.decode()


@pytest.mark.parametrize("language", ["en", "nl"])
def test_the_report_is_one_page(released, language):
    with translation.override(language):
        file = pikepdf.open(io.BytesIO(taken.pdf(released, rings(released, NOW), at=NOW)))

    assert len(file.pages) == 1


@pytest.mark.parametrize(
    ("language", "title"), [("en", "The four rings of Waterpoort"), ("nl", "De vier ringen van Waterpoort")]
)
def test_the_report_says_title_and_language_and_its_picture_has_words(released, language, title):
    pooled = rings(released, NOW)
    with translation.override(language):
        file = pikepdf.open(io.BytesIO(taken.pdf(released, pooled, at=NOW)))
        words = taken.described(pooled.score)

    assert str(file.docinfo["/Title"]) == title
    assert str(file.Root["/Lang"]) == language
    assert file.open_metadata()["pdfuaid:part"] == "1"
    elements = list(tagged(file))
    assert {str(one["/Alt"]) for one in elements if one["/S"] == "/Figure"} == {words}
    assert {"/H1", "/Table", "/TH", "/TD", "/L"} <= {str(one["/S"]) for one in elements}
