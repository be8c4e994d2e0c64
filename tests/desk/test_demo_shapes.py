"""The programs of the demonstration that were thought out by hand, held against docs/demonstration.md."""

import datetime as dt
import html
import re
from pathlib import Path

import pytest
import time_machine
from django.conf import settings
from django.core.management import call_command
from django.urls import reverse

import catalogue
from accounts.models import Institution, User
from checklist import picture
from checklist.advice import to_do
from checklist.assessing import assess
from checklist.by_group import by_group
from checklist.finding import of_layers, sentence
from checklist.models import Snapshot
from intervision import clock
from programs.models import Program

pytestmark = [pytest.mark.slow, pytest.mark.django_db]

PAGE = Path(settings.BASE_DIR) / "docs" / "demonstration.md"
LAYERS = ("preparation", "minimal", "optimizing", "climate")
COORDINATORS = {"zwinduin": "examples@demo.example", "waterpoort": "coordinator@demo.example"}


def rows(heading):
    """The rows of the table that begins with ``heading``, by the name of the program."""
    lines = PAGE.read_text().splitlines()
    begin = next(n for n, line in enumerate(lines) if line.startswith(heading))
    found = {}
    for line in lines[begin + 2 :]:
        if not line.startswith("|"):
            break
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        found[re.sub(r"[*:].*", "", cells[0].lstrip("*")).removesuffix(" 2024").removesuffix(" 2022")] = cells
    return found


def title(cells):
    return re.search(r": \*(.+)\*$", cells[0]).group(1)


NUMBERS = {key.removesuffix(" 2020"): cells for key, cells in rows("| Program | Differs").items()}
SENTENCES = rows("| Program | What limits")
PICTURES = [
    [cell.strip(" *") for cell in line.strip("|").split("|")]
    for line in PAGE.read_text().partition("| Picture | Program |")[2].splitlines()[2:]
    if line.startswith("|")
]
#: What took place, of which groups of one program differ.
RECORDED = {"prep-uninterrupted", "prep-attendance", "prep-group-size"}
GROUPS, TIME = "checklist:by-group", "checklist:over-time"
TABLE, ALIKE = "Conditions in which groups differ", "Nowhere do the groups differ."
YEAR, LATER = "Each layer a year ago and now", "compared with itself from this day on"
AUTUMN, SECOND_YEAR = "Intervisie 2026: eerste ronde", "Intervisie interne geneeskunde, tweede jaar"
#: Picture and program: the page, what stands on it, and what does not.
SEEN = {
    ("Group by group", AUTUMN): (GROUPS, [TABLE, "Groep 6"], [ALIKE]),
    ("Group by group", SECOND_YEAR): (GROUPS, [ALIKE], [TABLE]),
    ("Over time", SECOND_YEAR): (
        TIME,
        ['class="chart timeline wide"', YEAR, "Met now, not a year ago"],
        [LATER],
    ),
    ("Over time", "Avondgroepen veerkracht"): (TIME, ["compared with itself"], [YEAR]),
}


@pytest.fixture(params=[dt.date(2026, 12, 25), dt.date(2026, 3, 29)], ids=str)
def demo(request, settings):
    settings.DEMO = True
    with time_machine.travel(dt.datetime.combine(request.param, dt.time(11), dt.UTC)):
        call_command("demo")
        yield {name: Program.objects.get(title=title(cells)) for name, cells in NUMBERS.items()}


def scored(program):
    return assess(Program.objects.select_related("institution").get(pk=program.pk), clock.now())


def test_the_page_names_each_program_in_both_tables():
    assert list(NUMBERS) == list(SENTENCES)
    assert len(NUMBERS) == 9


def test_each_shaped_program_shows_what_was_written_down_before_it_was_built(demo, client):
    for name, program in demo.items():
        found = scored(program)
        assert numbers(found.score) == expected_numbers(NUMBERS[name]), name
        _program, said, flags, first = SENTENCES[name]
        english, dutch = said.split(" / ")
        assert (sentence(found.score, "en"), sentence(found.score, "nl")) == (english, dutch)
        assert [f"`{flag.item.key}`, {flag.critical}" for flag in found.score.flags] == (
            [] if flags == "none" else [flags]
        ), name
        steps = to_do(found, program)
        wanted = re.match(r"`([a-z-]+)`", first)
        assert (steps[0].item.key if steps else None) == (wanted.group(1) if wanted else None), name
        on_its_pages(client, program, steps, {"en": english, "nl": dutch})
    the_director_has_rings_to_read(client)
    groups_and_years_are_seen_beside_each_other(demo, client)


def groups_and_years_are_seen_beside_each_other(demo, client):
    """The pictures over groups and over time, as the page's last table has them."""
    assert {(picture, program) for picture, program, _words in PICTURES} == set(SEEN)
    for (_picture, program), (view, shown, absent) in SEEN.items():
        found = Program.objects.select_related("institution").get(title=program)
        client.force_login(User.objects.get(email=COORDINATORS[found.institution.slug]))
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
        page = html.unescape(client.get(reverse(view, args=[found.pk])).content.decode())
        assert [words for words in shown if words not in page] == [], (program, view)
        assert [words for words in absent if words in page] == [], (program, view)
    autumn = scored(Program.objects.get(title=AUTUMN))
    differing = {row.statement for row in by_group(autumn, "intervision").rows}
    statements = {key: str(catalogue.load().items[key].statement) for key in RECORDED | {"prep-room-comfort"}}
    assert statements["prep-room-comfort"] in differing
    assert {statements[key] for key in RECORDED} & differing
    then = Snapshot.objects.filter(
        program=demo["Strong"], group=None, taken_at__lte=clock.now() - dt.timedelta(days=365)
    ).latest("taken_at")
    minimal = scored(demo["Strong"]).score.layers["minimal"]
    assert (then.content["coverage"]["minimal"] or 0) < 0.5 <= minimal.coverage


def the_director_has_rings_to_read(client):
    house = Institution.objects.get(slug="waterpoort")
    assert house.pictures.exists(), "kept at making, before anybody looks"
    found = picture.rings(house, clock.now())
    assert found.score
    assert found.score.layers["preparation"].usable
    client.force_login(User.objects.get(email="director@demo.example"))
    page = client.get(reverse("checklist:house", args=[house.slug])).content.decode()
    assert html.escape(of_layers(found.score)) in page
    client.force_login(User.objects.get(email="examples-director@demo.example"))
    counts = client.get(reverse("desk:director")).content.decode()
    assert reverse("checklist:house", args=["zwinduin"]) in counts
    assert client.get(reverse("checklist:house", args=["zwinduin"])).status_code == 200


def numbers(score):
    """Layers as the table has them, and what the whole comes to."""
    layers = [
        round(float(layer.score), 3) if layer.usable and layer.score is not None else "unknown"
        for layer in (score.layers[key] for key in LAYERS)
    ]
    if score.overall is None:
        return layers, "withheld", "none"
    status = {"full": "full", "provisional_no_climate": "provisional"}[score.status]
    return layers, f"{score.shown}, {score.band}, {status}", score.limited_by


def expected_numbers(cells):
    _program, _differs, layers, whole, limited_by = cells
    known = re.findall(r"unknown|[\d.]+(?=,|$)", re.sub(r"[\d.]+ / \d+ = ", "", layers))
    read = ["unknown" if one == "unknown" else float(one) for one in known]
    return read, whole.partition(": ")[2] or whole, limited_by


def on_its_pages(client, program, steps, sentences):
    """The checklist and the page of next actions say it, in both languages; the first action leads somewhere."""
    client.force_login(User.objects.get(email=COORDINATORS[program.institution.slug]))
    for language, said in sentences.items():
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
        for page in ("checklist:program", "checklist:next"):
            text = html.unescape(client.get(reverse(page, args=[program.pk])).content.decode())
            assert said in text, (program.title, page, language)
            if steps:
                assert catalogue.text(steps[0].to_do, language) in text, (program.title, page, language)
    if steps:
        assert steps[0].url
