"""What a coordinator sees of a change before it is decided."""

from dataclasses import replace

import pytest
import time_machine
from django.conf import settings
from django.urls import reverse

import catalogue
from checklist import supposing
from checklist.assessing import assess
from checklist.inputs import Inputs, Range
from checklist.models import Declaration, Justification
from checklist.rows import FrameRow
from checklist.scoring import score
from intervision import clock
from tests.checklist.stored import PLANNED_AT, by_the_book, evening_booster
from tests.factories.programs import ProgramCoordinatorFactory

FRAME = FrameRow("intervision", interval_weeks=6, sessions_total=10)


def items_when(tried, facts=None, held=0, frame=FRAME):
    inputs = Inputs(facts=facts or {}, sessions_held=held)
    found = supposing.score_supposed(inputs, frame, tried)
    return {key: item.score for key, item in found.items.items()}


def test_a_number_is_tried_in_place_of_the_plan_and_of_what_took_place():
    facts = {"group_size_planned": 12, "group_size_actual": 11}

    for held in (0, 3):
        assert items_when({}, facts, held)["prep-group-size"] == 0
        assert items_when({"size": 7}, facts, held)["prep-group-size"] == 1
        assert items_when({"size": 8}, facts, held)["prep-group-size"] == 0.5


@pytest.mark.parametrize(
    ("tried", "score"), [({"sessions": 3}, 0), ({"weeks": 3}, 0.5), ({"weeks": 6, "sessions": 10}, 1)]
)
def test_weeks_and_number_of_sessions_say_together_how_long_it_takes(tried, score):
    assert items_when(tried)["prep-long-trajectory"] == score


def test_one_session_takes_no_time_that_could_be_known():
    assert items_when({"sessions": 1})["prep-long-trajectory"] is None


@pytest.mark.parametrize("name", list(supposing.CHOICES))
def test_every_choice_scores_every_fact_it_stands_for(name):
    for choice, facts in supposing.CHOICES[name].items():
        for format_key in catalogue.load().formats:
            frame = replace(FRAME, format=format_key)
            if name not in supposing.asked(format_key):
                continue
            found = supposing.score_supposed(Inputs(), frame, {name: choice})
            scored = [item for item in found.items.values() if item.fact in facts]
            assert scored, (name, choice, format_key)
            assert all(item.score is not None for item in scored)


def test_what_is_tried_leaves_the_rest_as_it_is():
    inputs = Inputs(facts={"group_size_planned": 12, "onsite_share": 1})

    then = supposing.supposed(inputs, FRAME, {"size": 7})

    assert inputs.facts["group_size_planned"] == 12
    assert then.facts["onsite_share"] == 1
    assert replace(then, facts=inputs.facts) == inputs


def test_what_is_only_known_as_a_range_is_not_filled_in():
    found = score(catalogue.load(), "intervision", Inputs(facts={"group_size_planned": Range(5, 7)}))

    assert "size" not in supposing.present(found, FRAME)


def test_a_workshop_is_asked_what_its_conditions_hang_on():
    assert supposing.asked("error_coping_workshop") == ["size", "minutes"]


@pytest.fixture
def today():
    with time_machine.travel(PLANNED_AT, tick=False):
        yield


def opened(client, program, **tried):
    client.force_login(ProgramCoordinatorFactory(program=program).user)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    headers = {"HX-Request": "true"} if tried.pop("piece", False) else {}
    return client.get(reverse("checklist:what-if", args=[program.pk]), tried, headers=headers)


def rings_of(page):
    """How it would be, or before anything is tried how it is."""
    return page.rpartition('class="chart rings"')[2].partition("</svg>")[0]


@pytest.mark.django_db
@pytest.mark.usefixtures("today")
def test_the_page_starts_from_how_it_is_and_shows_what_seven_would_do(client):
    program = evening_booster()

    plain = opened(client, program).content.decode()
    seven = opened(client, program, size=7).content.decode()

    assert 'value="12"' in plain
    assert "Change something to see what it does." in plain
    assert "1 better, 0 worse" in seven
    assert reverse("planning:groups", args=[program.pk]) in seven
    assert rings_of(plain) != rings_of(seven)
    assert ('id="as-it-is"' in plain, 'id="as-it-would-be"' in plain) == (True, False)
    assert seven.index('id="as-it-is"') < seven.index('id="as-it-would-be"')
    assert seven.count('class="chart rings"') == 2
    now = seven.partition('class="chart rings"')[2].partition("</svg>")[0]
    assert now.replace("now-", "") == rings_of(plain).replace("now-", "")


@pytest.mark.django_db
@pytest.mark.usefixtures("today")
def test_trying_stores_nothing(client):
    program = evening_booster()
    before = assess(program, clock.now()).score
    version = program.version

    opened(client, program, size=7, room="good", release="covered", hours="within", mix="pairs")

    program.refresh_from_db()
    assert (program.target_size, program.version) == (12, version)
    assert not Declaration.objects.exists()
    assert not Justification.objects.exists()
    assert assess(program, clock.now()).score == before


@pytest.mark.django_db
@pytest.mark.usefixtures("today")
def test_a_number_that_cannot_be_is_refused_in_the_page_and_in_its_piece(client):
    program = by_the_book()

    for piece in (False, True):
        answer = opened(client, program, size=500, piece=piece)
        assert answer.status_code == 422
        page = answer.content.decode()
        assert page.count("<li>“People in a group” can be 30 at most.</li>") == piece, (
            "the page says it above"
        )
        assert "Ensure this value" not in page
        assert ("<html" in answer.content.decode()) is not piece
