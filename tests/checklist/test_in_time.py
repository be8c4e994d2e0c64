"""What a checklist asks for in each stage, and of what nobody knows yet."""

from fractions import Fraction

import pytest
import time_machine
from django.urls import reverse

import catalogue
from checklist import advice, report
from checklist.assessing import assess
from checklist.lines import program_lines
from checklist.outcomes import ItemScore
from intervision import clock
from tests.checklist.stored import PLANNED_AT, by_the_book, evening_booster
from tests.factories.programs import ProgramCoordinatorFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]


@pytest.fixture
def today():
    with time_machine.travel(PLANNED_AT, tick=False):
        yield


def in_stage(program, stage):
    program.stage = stage
    program.save(update_fields=["stage"])
    return program


def steps(program):
    return advice.to_do(assess(program, clock.now()), program)


def test_a_cancelled_program_is_given_nothing_to_do(client):
    program = in_stage(evening_booster(), "cancelled")
    client.force_login(ProgramCoordinatorFactory(program=program).user)

    assert steps(program) == []
    for name in ("program", "next"):
        page = client.get(reverse(f"checklist:{name}", args=[program.pk]), headers={"Accept-Language": "en"})
        assert "This program was cancelled" in page.content.decode()


def test_groups_that_run_stay_as_they_are_and_a_next_program_comes_last():
    found = steps(in_stage(evening_booster(), "running"))

    late = [line.is_for_next_program for line in found]
    assert late == sorted(late)
    [size] = [line for line in found if line.item.key == "prep-group-size"]
    assert size.to_do.en.startswith("For a next program: Move people")
    assert not any(line.is_for_next_program for line in steps(in_stage(evening_booster(), "recruiting")))


def test_a_completed_program_asks_only_for_what_helps_the_next():
    found = steps(in_stage(evening_booster(), "completed"))

    assert found
    assert all(line.to_do.en.startswith("For a next program: ") for line in found)


def test_what_comes_too_late_here_leads_to_the_program_after_it(client):
    running = in_stage(evening_booster(), "running")
    [size] = [line for line in steps(running) if line.item.key == "prep-group-size"]
    [hours] = [line for line in steps(running) if line.item.key == "prep-working-hours"]
    assert size.url == reverse("programs:copy", args=[running.pk])
    assert hours.url.startswith(reverse("planning:dates", args=[running.pk]))

    over = in_stage(running, "completed")

    assert {line.url for line in steps(over)} == {reverse("programs:copy", args=[over.pk])}
    climate = ItemScore(catalogue.load().items["clim-speak-up"], Fraction(0))
    found = assess(over, clock.now())
    assert program_lines(found, over, [climate])["clim-speak-up"].url == reverse(
        "surveys:climate", args=[over.institution.slug]
    )
    client.force_login(ProgramCoordinatorFactory(program=over).user)
    assert client.get(reverse("programs:copy", args=[over.pk])).status_code == 200


def test_in_a_cancelled_program_nothing_is_said_to_lie_behind(client):
    program = evening_booster()
    client.force_login(ProgramCoordinatorFactory(program=program).user)
    pages = {"program": "What may lie behind this?", "next": "What may lie behind it</h2>"}

    def shown(name):
        page = client.get(reverse(f"checklist:{name}", args=[program.pk]), headers={"Accept-Language": "en"})
        return page.content.decode()

    assert all(words in shown(name) for name, words in pages.items())
    in_stage(program, "cancelled")
    assert not any(words in shown(name) for name, words in pages.items())


def test_what_nobody_knows_says_what_makes_it_known():
    program = by_the_book()
    unknown = [line for line in steps(program) if line.score.status == "unknown"]

    assert unknown
    assert not [line.item.key for line in unknown if line.to_do == line.item.statement]
    assert all(line.url for line in unknown)


def test_the_boards_copy_says_that_answers_are_not_in_it():
    program = by_the_book()
    found = report.for_board(assess(program, clock.now()))

    said = report.words(found, program, at=clock.now(), board=True)

    assert "safety and depth are not in this copy" in said["finding"]
    assert not [one for one in said["thin"] if "the members' answers" in one]
    assert program_lines(found, program)
