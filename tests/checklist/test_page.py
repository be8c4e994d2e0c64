"""What a coordinator reads about a program, says about it, and takes along."""

import csv
import datetime as dt
import io
import json
import re

import pytest
import time_machine
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import CommandError
from django.urls import reverse

import catalogue
from checklist.models import Declaration, Justification
from programs.models import Program
from tests.checklist.stored import PLANNED_AT, by_the_book, evening_booster
from tests.factories.programs import (
    GroupFactory,
    MembershipFactory,
    ProgramCoordinatorFactory,
    ProgramFactory,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]


@pytest.fixture
def today():
    with time_machine.travel(PLANNED_AT, tick=False):
        yield


def run_by_me(client, program):
    client.force_login(ProgramCoordinatorFactory(program=program).user)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return program


def page(client, program, name="program"):
    return client.get(reverse(f"checklist:{name}", args=[program.pk]))


def layer(client, program, key):
    return client.get(reverse("checklist:program-layer", args=[program.pk, key])).content.decode()


def test_the_page_says_the_finding_and_how_many_conditions_are_met(client):
    program = run_by_me(client, by_the_book())

    shown = page(client, program).content.decode()

    assert "Preparation is strong; safety and depth are not yet known." in shown
    assert "20 of 32 met" in shown
    assert "Rebuilt from the text; the published figure was not available to us" in shown


def test_each_condition_says_what_was_measured_why_and_whose_threshold_it_is(client):
    program = run_by_me(client, by_the_book())

    shown = layer(client, program, "preparation")

    assert "Between sessions: 6 weeks" in shown
    assert "Why, and who says so" in shown
    assert "Jorissen 2024" in shown
    for key in ("minimal", "optimizing", "climate"):
        assert reverse("checklist:program-layer", args=[program.pk, key]) in shown


def test_a_layer_that_is_none_is_not_found(client):
    program = run_by_me(client, ProgramFactory())

    assert client.get(reverse("checklist:program-layer", args=[program.pk, "weather"])).status_code == 404


def test_what_is_not_met_stands_on_the_first_page_and_leads_to_the_form_that_mends_it(client):
    program = run_by_me(client, evening_booster())

    first, shown = page(client, program).content.decode(), layer(client, program, "preparation")

    assert reverse("checklist:program-layer", args=[program.pk, "preparation"]) + "#prep-group-size" in first
    assert "Take the resilience word out of the title and the opening text." in shown
    assert reverse("programs:frame", args=[program.pk]) + "#id_title" in shown


def test_the_table_has_every_condition_once_with_threshold_and_source(client):
    program = run_by_me(client, by_the_book())

    shown = page(client, program, "program-table").content.decode()

    conditions = catalogue.load().items_of("intervision")
    assert shown.count('<th scope="row"') == len(conditions)
    assert "Jorissen 2024" in shown


@pytest.mark.parametrize("name", ["program", "program-table"])
def test_a_page_asks_the_same_few_queries_for_any_number_of_groups(
    client, name, django_assert_max_num_queries
):
    program = run_by_me(client, ProgramFactory())
    for _number in range(12):
        group = GroupFactory(program=program)
        for _member in range(3):
            MembershipFactory(group=group)
    page(client, program, name)

    with django_assert_max_num_queries(8):
        assert page(client, program, name).status_code == 200


def test_an_answer_counts_until_it_is_a_year_and_a_half_old(client):
    program = run_by_me(client, by_the_book())
    address = reverse("checklist:answers", args=[program.pk])

    client.post(address, {"min-help-route": "partly", "min-help-route-note": "Members do not know it yet"})

    row = Declaration.objects.get(item="min-help-route")
    assert (row.answer, row.note) == ("partly", "Members do not know it yet")
    assert "Partly met" in layer(client, program, "minimal")
    row.answered_at = PLANNED_AT - dt.timedelta(days=400)
    row.save()
    old = re.sub(r"<[^>]+>", "", layer(client, program, "minimal"))
    assert "Partly: Members do not know it yet · answered over a year ago; please answer again" in old
    row.answered_at = PLANNED_AT - dt.timedelta(days=600)
    row.save()
    assert "You can answer this yourself." in layer(client, program, "minimal")


def test_partly_without_a_note_is_refused_and_nothing_typed_is_lost(client):
    program = run_by_me(client, by_the_book())
    answers = {"min-help-route": "partly", "clim-part-of-wider": "yes"}

    answer = client.post(reverse("checklist:answers", args=[program.pk]), answers)

    assert answer.status_code == 422
    assert "Say in one line what is missing." in answer.content.decode()
    assert not Declaration.objects.exists()


def test_the_check_keeps_one_line_for_what_is_not_met_and_says_that_it_was_looked_at(client):
    program = run_by_me(client, evening_booster())
    address = reverse("checklist:check", args=[program.pk])

    answer = client.post(address, {"prep-group-size": "Twelve signed up and want to stay together."})
    client.post(address, {"prep-group-size": "Twelve signed up and want to stay together."})

    assert answer.status_code == 302
    assert Justification.objects.get().item == "prep-group-size"
    assert Program.objects.get(pk=program.pk).steps["check"] == "look"
    assert "Twelve signed up" in layer(client, program, "preparation")


def test_a_good_plan_is_done_with_the_check(client):
    program = run_by_me(client, by_the_book())

    client.post(reverse("checklist:check", args=[program.pk]), {})

    assert Program.objects.get(pk=program.pk).steps["check"] == "done"


def test_the_ring_follows_the_frame_as_it_is_typed(client):
    run_by_me(client, ProgramFactory())
    frame = {
        "format": "intervision",
        "title": "Intervision",
        "interval_weeks": "6",
        "target_size": "6",
        "joining": "both",
    }
    address = reverse("checklist:preparation-ring")

    good = client.post(address, frame).context["counts"]
    bad = client.post(address, frame | {"title": "Resilience!", "target_size": "20"}).context["counts"]
    broken = client.post(address, frame | {"target_size": "many"}).context["counts"]

    assert (bad.met, bad.not_met) == (good.met - 2, good.not_met + 2)
    assert (broken.met, broken.unknown) == (good.met - 1, good.unknown + 1)


@pytest.mark.parametrize("format_key", ["peer_support", "error_coping_workshop"])
def test_the_other_formats_have_their_own_conditions(client, format_key):
    program = run_by_me(client, ProgramFactory(format=format_key, interval_weeks=None))

    assert page(client, program).status_code == 200
    assert page(client, program, "check").status_code == 200


def test_a_ring_of_an_unknown_format_is_not_found(client):
    run_by_me(client, ProgramFactory())

    assert client.get(reverse("checklist:preparation-ring"), {"format": "yoga"}).status_code == 404


def test_a_table_to_take_along_runs_nothing_in_a_spreadsheet(client):
    program = run_by_me(client, evening_booster())
    Declaration.objects.create(program=program, item="min-help-route", answer="partly", note="=1+1")

    text = page(client, program, "csv").content.decode("utf-8-sig")

    rows = {row["condition"]: row for row in csv.DictReader(io.StringIO(text), delimiter=";")}
    assert rows["prep-group-size"]["measured"] == "In a group: 12 members"
    assert rows["prep-group-size"]["status"] == "Not met"
    assert not rows["min-help-route"]["measured"].startswith("=")


def test_data_to_take_along_names_no_person_and_no_exact_score(client):
    program = run_by_me(client, by_the_book())

    data = json.loads(page(client, program, "json").content)

    assert data["readiness"] == 100
    assert data["layers"]["preparation"]["met"] == 20
    assert "id" not in data["conditions"][0]


def test_a_guide_reads_the_checklist_of_the_own_group_without_a_number(client):
    program = by_the_book()
    group = program.groups.get()
    client.force_login(group.guides.get().user)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"

    shown = client.get(reverse("checklist:group", args=[group.pk])).content.decode()

    assert "Your own logs are counted here." in shown
    assert "of 100" not in shown


def test_score_program_prints_what_score_prints(capsys):
    program = by_the_book()

    call_command("score_program", str(program.pk), format="json")

    data = json.loads(capsys.readouterr().out)
    assert data["layers"]["preparation"] == 1.0
    with pytest.raises(CommandError, match="there is no program"):
        call_command("score_program", "nonsense")


def test_a_condition_names_five_groups_and_counts_the_others(client):
    program = run_by_me(client, ProgramFactory())
    for _number in range(7):
        MembershipFactory(group=GroupFactory(program=program))

    assert "and 2 more" in layer(client, program, "preparation")


def test_one_page_is_read_in_the_language_of_each_reader(client):
    program = run_by_me(client, by_the_book())
    english = page(client, program).content.decode()
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "nl"

    dutch = page(client, program).content.decode()

    assert "20 of 32 met" in english
    assert "20 van 32 in orde" in dutch
