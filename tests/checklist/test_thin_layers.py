"""A ring of which less than half is known: hatched, without a number, and with what comes next."""

import csv
import io
import re

import pytest
import time_machine
from django.conf import settings
from django.urls import reverse

import catalogue
from checklist import drawing, overview, report
from checklist.assessing import assess
from checklist.inputs import Answers, Inputs
from checklist.lines import group_lines, layer
from checklist.outcomes import ItemScore
from checklist.places import Place
from checklist.scoring import Score, of_items, score
from intervision import clock
from tests.checklist.stored import PLANNED_AT, by_the_book
from tests.factories.programs import ProgramCoordinatorFactory, ProgramFactory

KNOWN = catalogue.load()
PLACE = Place("program", "00000000-0000-0000-0000-000000000001")
WORDS = "conditions known, too few for a number; next: the members' answers"


def answered(*keys: str) -> Score:
    """Intervision of which members answered only these questions."""
    return score(KNOWN, "intervision", Inputs(resident={key: Answers(4, 6) for key in keys}))


def pieces(found: Score, layer: str) -> list[str]:
    """What was drawn of each segment of a layer."""
    label = str(KNOWN.layers[layer].label)
    drawn = re.findall(r"<a .*?</a>", str(drawing.four_rings(found, PLACE, title="Rings")))
    return [piece for piece in drawn if f"<title>{label} – " in piece]


def test_a_factor_that_is_known_is_hatched_while_its_ring_is_not():
    found = answered("min-safety-felt")
    assert found.factors["safety"].score is not None

    drawn = pieces(found, "minimal")

    assert drawn
    assert all('class="unknown"' in piece and 'class="fill"' not in piece for piece in drawn)
    assert all("too little of this ring is known" in piece for piece in drawn)


def test_a_ring_of_which_half_is_known_is_filled():
    everything = [item for item in KNOWN.items_of("intervision") if item.layer == "minimal"]
    asked = [item.key for item in everything if item.measure.kind == "resident_feedback"]

    found = answered(*asked)

    assert found.layers["minimal"].coverage >= 0.5
    assert any('class="fill"' in piece for piece in pieces(found, "minimal"))


@pytest.mark.parametrize(("known", "thin"), [(1, True), (2, False), (3, False)])
def test_half_of_the_weight_is_enough(known, thin):
    alike = [item for item in KNOWN.items.values() if item.layer == "climate" and item.weight == 2][:4]
    items = [ItemScore(item, 1 if nth < known else None) for nth, item in enumerate(alike)]

    assert len(alike) == 4
    assert of_items(KNOWN, "", items).layers["climate"].thin == thin


def test_what_comes_next_is_what_most_of_it_waits_for():
    found = answered("min-safety-felt")

    assert overview.next_known(found.layers["climate"]) == "climate_survey"
    assert overview.next_known(found.layers["minimal"]) == "resident_feedback"
    assert WORDS in overview.known(found.layers["minimal"])


def test_what_is_not_kept_here_is_not_said_to_come_next():
    waits = next(item for item in KNOWN.items.values() if "cover_confirmed_share" in str(item.measure.rules))
    found = of_items(
        KNOWN, "", [ItemScore(waits, None, why_unknown="not_recorded", fact="cover_confirmed_share")]
    )

    assert overview.next_known(found.layers[waits.layer]) is None
    assert overview.known(found.layers[waits.layer]) == "0 of 1 conditions known, too few for a number"


def test_the_ring_of_a_house_says_what_comes_next_instead_of_a_number():
    items = [item for item in KNOWN.items.values() if item.layer == "climate"]
    found = of_items(KNOWN, "", [ItemScore(item, None if nth else 1) for nth, item in enumerate(items)])

    drawn = str(drawing.layer_rings(found, title="Rings"))

    assert f"1 of {len(items)} conditions known, too few for a number; next: the climate survey" in drawn
    assert 'class="fill"' not in drawn
    assert (
        f"1 of {len(items)} conditions known, too few for a number; next: the climate survey"
        in dict(overview.in_words(found)).values()
    )


@pytest.fixture
def program(db):
    with time_machine.travel(PLANNED_AT, tick=False):
        yield by_the_book()


@pytest.fixture
def shown(client, program):
    """A page of the program, as its coordinator reads it."""
    client.force_login(ProgramCoordinatorFactory(program=program).user)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"

    def page(name, *more):
        return client.get(reverse(f"checklist:{name}", args=[program.pk, *more])).content.decode()

    return page


@pytest.mark.parametrize(
    "page", [("program",), ("program-layer", "minimal"), ("program-table",)], ids=lambda page: page[0]
)
def test_each_page_says_it(shown, page):
    assert WORDS.replace("'", "&#x27;") in shown(*page)


def test_a_whole_layer_is_not_said_to_lack_anything(shown):
    assert "too few for a number" not in shown("program-layer", "preparation")


def test_the_files_say_it(client, program, shown):
    found = assess(program, clock.now())
    rows = list(csv.DictReader(io.StringIO(shown("csv").lstrip("\ufeff")), delimiter=";"))
    minimal = str(KNOWN.layers["minimal"].label)

    assert {row["layer_known"] for row in rows if row["layer"] == minimal} == {
        overview.known(found.score.layers["minimal"])
    }
    assert '"shown": null' in shown("json")
    assert WORDS in shown("json")


def test_the_report_says_it_beneath_the_picture_and_in_its_words(program):
    found = assess(program, clock.now())

    said = report.words(found, program, at=clock.now())

    assert any(WORDS in line for line in said["thin"])
    assert WORDS in said["alt"]
    assert WORDS in next(
        layer["met"] for layer in said["conditions"] if layer["label"] == str(KNOWN.layers["minimal"].label)
    )
    assert not any(line.startswith(str(KNOWN.layers["preparation"].label)) for line in said["thin"])


def test_a_flag_is_outlined_also_while_there_is_no_total():
    flagged = score(KNOWN, "intervision", Inputs(facts={"evaluator_guides": 1}))
    quiet = score(KNOWN, "intervision", Inputs(facts={"evaluator_guides": 0}))

    def outlined(found):
        return [part.label for layer in overview.parts(found, PLACE) for part in layer.factors if part.limits]

    def drawn(found):
        return str(drawing.four_rings(found, PLACE, title="Rings")).count('class="limits"')

    assert (flagged.overall, flagged.limiting) == (None, ())
    assert outlined(flagged) == [str(KNOWN.factors["intervisor_choice"].label)]
    assert next(part.key for part in overview.parts(flagged, PLACE) if part.shown) == "preparation"
    assert drawn(flagged) == 1
    assert (outlined(quiet), drawn(quiet)) == ([], 0)
    lines = group_lines(ProgramFactory.build(), 5, flagged.items.values())
    shown = layer(flagged.layers["preparation"], flagged, lines)
    assert [part.factor.key for part in shown.factors if part.limits] == ["intervisor_choice"]
