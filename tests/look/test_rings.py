import datetime as dt
import re
from xml.etree import ElementTree

import pytest
from django.utils import translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from checklist import rings
from checklist.rings import Ring, Segment
from desk import timeline
from desk.timeline import Bar, Dot, Row

SVG = "{http://www.w3.org/2000/svg}"

segments = st.lists(
    st.builds(
        Segment,
        label=st.text(st.characters(blacklist_categories=("Cs", "Cc")), max_size=30),
        score=st.none() | st.floats(0, 1),
        limits=st.booleans(),
        href=st.sampled_from(["", "#items"]),
    ),
    min_size=1,
    max_size=9,
)


def four(*safety: Segment) -> list[Ring]:
    labels = ["Climate", "Preparation", "Optimizing"]
    return [*(Ring(label, [Segment("One", 0.5)]) for label in labels), Ring("Minimal", safety)]


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])  # a busy machine draws slowly
@given(st.lists(segments, min_size=4, max_size=4))
def test_any_rings_are_well_formed_and_without_script_or_inline_style(layers: list[list[Segment]]) -> None:
    svg = rings.draw([Ring("<i>", layer) for layer in layers], title="<b>", finding="&")

    ElementTree.fromstring(svg)
    assert "<i>" not in svg
    assert " style=" not in svg
    assert "nan" not in svg


def test_each_segment_opens_its_items_and_says_what_it_is() -> None:
    svg = rings.draw(
        four(Segment("Safety", 0.35, limits=True, href="#safety")),
        title="Rings",
        finding="Held down by safety",
    )

    root = ElementTree.fromstring(svg)
    link = root.find(f".//{SVG}a")
    assert link is not None
    assert link.get("href") == "#safety"
    assert link.findtext(f"{SVG}title") == "Minimal – Safety: 35%; this limits the total"
    assert root.findtext(f"{SVG}desc") == "Held down by safety"
    assert root.get("role") == "group"


def test_without_links_the_drawing_is_one_picture() -> None:
    assert 'role="img"' in rings.draw(four(Segment("Safety", 1)), title="Rings", finding="Strong")


def test_unknown_is_hatched_and_never_filled() -> None:
    svg = rings.draw(four(Segment("Safety", None)), title="Rings", finding="Not yet known")

    assert svg.count('class="fill"') == 3
    assert svg.count("url(#rings-hatch)") == 1


def test_nothing_met_is_an_empty_segment_and_not_an_unknown_one() -> None:
    svg = rings.draw(four(Segment("Safety", 0)), title="Rings", finding="Not met")

    assert svg.count('class="fill"') == 3
    assert "url(#rings-hatch)" not in svg


def test_two_drawings_on_a_page_share_no_id() -> None:
    ids = [
        found
        for uid in ("one", "two")
        for found in re.findall(
            r' id="([^"]+)"', rings.draw(four(Segment("S", 1)), title="", finding="", uid=uid)
        )
    ]

    assert len(ids) == len(set(ids))


@pytest.mark.parametrize(("language", "word"), [("en", "added"), ("nl", "toegevoegde")])
def test_the_core_is_named_in_the_readers_language(language: str, word: str) -> None:
    with translation.override(language):
        assert f">{word}</text>" in rings.draw(four(Segment("S", 1)), title="", finding="")


def test_the_preparation_ring_says_its_counts() -> None:
    svg = rings.preparation_ring(met=8, partly=2, not_met=1, unknown=4)

    assert "8 of 15 conditions met" in svg
    assert "2 partly, 1 not met, 4 not yet known" in svg


def test_the_preparation_ring_of_nothing_is_drawn() -> None:
    ElementTree.fromstring(rings.preparation_ring(met=0, partly=0, not_met=0, unknown=0))


def test_the_timeline_leaves_out_what_lies_outside() -> None:
    row = Row(
        "Group <1>",
        [Bar(dt.date(2026, 9, 1), dt.date(2027, 8, 1), "sessions")],
        [Dot(dt.date(2026, 10, 1), "Session 1", "done"), Dot(dt.date(2030, 1, 1), "far")],
    )

    svg = timeline.draw(
        [row],
        start=dt.date(2026, 8, 1),
        end=dt.date(2027, 9, 1),
        today=dt.date(2031, 1, 1),
        title="Timeline",
        finding="One group",
    )

    ElementTree.fromstring(svg)
    assert svg.count('class="dot') == 1
    assert 'class="today"' not in svg
