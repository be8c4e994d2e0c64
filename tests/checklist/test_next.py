"""What to do next: where it leads, what may lie behind it, and what was chosen not to be done."""

from fractions import Fraction

import pytest
import time_machine
from django.conf import settings
from django.urls import reverse

import catalogue
from checklist import advice
from checklist.assessing import assess
from checklist.inputs import Inputs
from checklist.interplay import explained, next_steps, sounds_like_fate
from checklist.lines import program_lines
from checklist.models import Justification
from checklist.outcomes import ItemScore
from checklist.scoring import of_items, score
from intervision import clock
from programs.models import Group, Program
from sessions.models import GroupSession
from tests.checklist.stored import PLANNED_AT, by_the_book, evening_booster
from tests.factories.programs import EvaluativeRelationFactory, GroupFactory, ProgramCoordinatorFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]


@pytest.fixture
def today():
    with time_machine.travel(PLANNED_AT, tick=False):
        yield


@pytest.fixture
def run(client):
    def by_me(program):
        client.force_login(ProgramCoordinatorFactory(program=program).user)
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
        return program

    return by_me


def shown(client, program):
    return client.get(reverse("checklist:next", args=[program.pk])).content.decode()


def leave(client, program, item, reason):
    return client.post(reverse("checklist:leave", args=[program.pk, item]), {"reason": reason}, follow=True)


def test_every_passage_of_the_papers_is_said_by_its_short_name():
    known = catalogue.load()

    said = [advice.passage(edge.source) for edge in known.interplay]

    assert "Jorissen 2024, Factor 2" in said
    assert "Janes 2020, Conclusion; Jorissen 2024, Discussion" in said


def test_a_low_factor_names_what_may_lie_behind_it_with_the_passage(client, run):
    program = run(evening_booster())

    looked_at = advice.low_factors(assess(program, clock.now()), program, place(program))
    low = next(one for one in looked_at.factors if one.causes)

    assert all(cause.passage for cause in low.causes)
    page = shown(client, program)
    assert "What may lie behind it" in page
    assert low.label in page


def test_what_lies_behind_every_factor_is_said_once_and_the_climates_own_together(client, run):
    known = catalogue.load()
    low = {"min-safety-felt": 0, "min-depth-felt": 0, "clim-speak-up": 0, "clim-error-response": 0}
    scored = [ItemScore(item, Fraction(low[key])) for key, item in known.items.items() if key in low]

    said = explained(known, of_items(known, "intervision", scored))

    assert {"safety", "depth"} <= set(said.own)
    assert said.of_climate == ("hierarchy", "error_culture")
    assert [cause.key for cause in said.shared] == ["climate"]
    assert not [cause for causes in said.own.values() for cause in causes if cause.key == "climate"]
    program = run(evening_booster())
    assert shown(client, program).lower().count("culture affects every aspect of the sessions") == 1
    first = client.get(reverse("checklist:program", args=[program.pk])).content.decode()
    assert first.count("Behind all of this may also lie: ") == 1


def place(program):
    return advice.Place("program", program.pk)


def test_what_is_open_stands_in_the_order_of_advice_and_leads_to_its_form(client, run):
    program = run(evening_booster())

    page = shown(client, program)

    lines = advice.to_do(assess(program, clock.now()), program)
    at = [page.index(f'id="{line.item.key}"') for line in lines]
    assert at == sorted(at)
    assert f"{reverse('programs:frame', args=[program.pk])}#id_title" in page


def test_a_choice_is_kept_with_who_and_when_and_can_be_taken_back(client, run):
    program = run(evening_booster())
    first = advice.to_do(assess(program, clock.now()), program)[0]

    answer = leave(client, program, first.item.key, "Only the evening suits this ward")

    page = answer.content.decode()
    row = Justification.objects.get(item=first.item.key)
    assert (row.by, row.changed_at) == (answer.wsgi_request.user, PLANNED_AT)
    assert "Because: Only the evening suits this ward" in page
    assert row.by.name in page
    assert f'id="{first.item.key}"' not in page
    undo = reverse("checklist:take-up", args=[program.pk, first.item.key])
    assert undo in page
    back = client.post(undo, follow=True).content.decode()
    assert f'id="{first.item.key}"' in back
    assert "The reason was: Only the evening suits this ward" in back
    assert not Justification.objects.exists()


def test_what_was_chosen_is_no_longer_the_first_thing_on_other_pages(client, run):
    program = run(evening_booster())
    first = advice.to_do(assess(program, clock.now()), program)[0]
    pages = [reverse(f"checklist:{name}", args=[program.pk]) for name in ("program", "summary")]
    assert all(str(first.to_do) in client.get(page).content.decode() for page in pages)

    leave(client, program, first.item.key, "Not this year")

    following = advice.to_do(assess(program, clock.now()), program)[0]
    assert all(f">{following.to_do}<" in client.get(page).content.decode() for page in pages)
    assert not any(f">{first.to_do}<" in client.get(page).content.decode() for page in pages)


def test_a_choice_without_a_reason_is_refused_at_its_field(client, run):
    program = run(evening_booster())
    key = advice.to_do(assess(program, clock.now()), program)[0].item.key

    answer = leave(client, program, key, " ")

    assert answer.status_code == 422
    assert f"{key}-reason" in answer.content.decode()
    assert not Justification.objects.exists()


def test_what_is_met_or_unheard_of_cannot_be_chosen(client, run):
    program = run(by_the_book())

    assert leave(client, program, "prep-group-size", "because").status_code == 404
    assert leave(client, program, "no-such-thing", "because").status_code == 404


def test_a_hard_flag_opens_three_doors_and_cannot_be_chosen_away(client, run):
    program = run(by_the_book())
    group = Group.objects.get(program=program)
    guide, member = group.guides.get().user, group.memberships.first().user
    EvaluativeRelationFactory(evaluator=guide, resident=member)

    page = shown(client, program)

    assert page.index("Stop and look") < page.index("In this order")
    for url in (
        reverse("programs:relations", args=[program.pk]),
        reverse("programs:suspended", args=[program.pk]),
        reverse("programs:pause-group", args=[program.pk, group.pk]),
    ):
        assert url in page
    assert leave(client, program, "prep-guide-independent", "because").status_code == 404
    Justification.objects.create(program=program, item="prep-guide-independent", text="An older line")
    first = advice.to_do(assess(program, clock.now()), program)[0]
    assert first.item.key == "prep-guide-independent"


def test_what_a_program_starts_without_stays_on_the_list_below_the_rest_with_its_line(client, run):
    program = run(evening_booster())
    first = advice.to_do(assess(program, clock.now()), program)[0]
    check = reverse("checklist:check", args=[program.pk])

    client.post(check, {first.item.key: "The ward has no other hour this spring"})

    lines = advice.to_do(assess(program, clock.now()), program)
    assert [line.item.key for line in lines].index(first.item.key) == len(lines) - 1
    page = shown(client, program)
    assert "You start without it, because: The ward has no other hour this spring" in page
    assert f'id="{first.item.key}"' in page
    assert "Because: The ward has no other hour" not in page
    assert (
        str(first.to_do) not in client.get(reverse("checklist:program", args=[program.pk])).content.decode()
    )
    Program.objects.filter(pk=program.pk).update(stage="running")
    assert "You started without it, because" in shown(client, program)


def test_what_it_started_without_can_be_chosen_and_its_line_is_offered(client, run):
    program = run(evening_booster())
    first = advice.to_do(assess(program, clock.now()), program)[0]
    client.post(reverse("checklist:check", args=[program.pk]), {first.item.key: "No other hour"})
    assert 'value="No other hour"' in shown(client, program)

    leave(client, program, first.item.key, "No other hour")

    assert Justification.objects.get().chosen
    assert first.item.key not in {
        line.item.key for line in advice.to_do(assess(program, clock.now()), program)
    }
    client.post(reverse("checklist:check", args=[program.pk]), {first.item.key: "No other hour at all"})
    row = Justification.objects.get()
    assert (row.text, row.chosen) == ("No other hour at all", True)


def test_a_flag_stays_first_whatever_line_was_given():
    known = catalogue.load()
    found = score(known, "intervision", Inputs(facts={"evaluator_guides": 1, "group_size_planned": 12}))

    steps = next_steps(found, explained={"prep-guide-independent", "prep-group-size"})

    keys = [step.item.key for step in steps]
    assert (keys[0], keys[-1]) == ("prep-guide-independent", "prep-group-size")


def test_files_tell_a_choice_from_what_it_started_without(client, run):
    program = run(evening_booster())
    one, other = (line.item.key for line in advice.to_do(assess(program, clock.now()), program)[:2])
    client.post(reverse("checklist:check", args=[program.pk]), {one: "No other hour"})
    leave(client, program, other, "Not this year")

    found = client.get(reverse("checklist:json", args=[program.pk])).json()

    rows = {row["condition"]: row for row in found["conditions"]}
    assert (rows[one]["started_without"], rows[one]["chosen_not_to"]) == ("No other hour", "")
    assert (rows[other]["started_without"], rows[other]["chosen_not_to"]) == ("", "Not this year")


@pytest.mark.parametrize(
    ("recognition", "burnout", "warned"),
    [(75, 40, True), (80, 20, True), (74, 40, False), (75, 41, False), (None, 20, False), (80, None, False)],
)
def test_recognition_is_looked_at_together_with_burnout_as_fate(recognition, burnout, warned):
    given = {"opt-recognition": recognition, "opt-burnout-not-fate": burnout}
    scored = [
        ItemScore(catalogue.load().items[key], None if out_of_100 is None else Fraction(out_of_100, 100))
        for key, out_of_100 in given.items()
    ]

    assert sounds_like_fate(of_items(catalogue.load(), "peer_support", scored)) is warned


def test_a_format_that_asks_neither_is_never_warned_of_fate():
    assert not sounds_like_fate(of_items(catalogue.load(), "intervision", []))


def form_of(program, key):
    found = assess(program, clock.now())
    return program_lines(found, program, [found.score.items[key]])[key].url


def answered(program, key):
    """Where the action leads once members have said that it is not so."""
    found = assess(program, clock.now())
    low = ItemScore(catalogue.load().items[key], Fraction(0))
    return program_lines(found, program, [low])[key].url


@pytest.mark.parametrize(
    ("key", "field"),
    [
        ("prep-interval", "id_every_weeks"),
        ("prep-long-trajectory", "id_count"),
        ("prep-duration", "id_minutes"),
        ("prep-onsite", "id_room"),
        ("prep-working-hours", "id_at"),
    ],
)
def test_a_date_that_nobody_knows_yet_leads_to_its_field_in_the_groups_own_form(client, run, key, field):
    program = run(evening_booster())
    group = program.groups.get()

    url = form_of(program, key)

    assert url == f"{reverse('planning:group-dates', args=[program.pk, group.pk])}#{field}"
    assert f'id="{field}"' in client.get(url).content.decode()


def test_dates_that_people_know_lead_to_the_card_where_each_is_moved(client, run):
    program = run(evening_booster())
    Program.objects.filter(pk=program.pk).update(stage="running")
    program.refresh_from_db()

    url = form_of(program, "prep-working-hours")

    assert url == f"{reverse('planning:dates', args=[program.pk])}#group-{program.groups.get().pk}"
    assert f'id="group-{program.groups.get().pk}"' in client.get(url).content.decode()


def test_workload_leads_to_moving_the_next_session_and_without_one_to_the_dates(client, run):
    program = run(by_the_book())
    Program.objects.filter(pk=program.pk).update(stage="running")
    program.refresh_from_db()
    first, second = GroupSession.objects.filter(group__program=program).order_by("starts_at")[:2]

    url = answered(program, "prep-no-extra-workload")
    assert url == reverse("sessions:move", args=[first.pk])
    assert client.get(url).status_code == 200
    with time_machine.travel(first.starts_at, tick=False):
        url = answered(program, "prep-no-extra-workload")
        assert url == reverse("sessions:move", args=[second.pk])
    GroupSession.objects.filter(group__program=program).delete()
    assert answered(program, "prep-no-extra-workload").startswith(
        reverse("planning:dates", args=[program.pk])
    )


@pytest.mark.parametrize(
    ("key", "page"),
    [
        ("min-stays-in-group", "programs:ground-rules"),
        ("min-in-control", "programs:ground-rules"),
        ("min-guide-sets-boundaries", "programs:ground-rules"),
        ("min-not-seen-as-weak", "programs:texts"),
        ("min-ground-rules", "programs:ground-rules"),
        ("min-no-leak", "concerns:confirmed"),
        ("min-evaluators-locked-out", "programs:relations"),
        ("prep-intake-goal-depth", "programs:intakes"),
        ("opt-readiness", "programs:texts"),
    ],
)
def test_each_action_for_safety_leads_to_the_form_of_what_it_asks_for(client, run, key, page):
    program = run(by_the_book())

    url = answered(program, key)

    assert url == reverse(page, args=[program.pk])
    assert client.get(url).status_code == 200


def test_a_talk_with_the_guide_leads_to_who_guides_the_group(client, run):
    program = run(by_the_book())
    group = program.groups.get()

    url = answered(program, "min-safety-felt")

    assert url == f"{reverse('programs:running', args=[program.pk])}#group-{group.pk}"
    page = client.get(url).content.decode()
    assert f'id="group-{group.pk}"' in page
    assert group.guides.get().user.name in page
    GroupFactory(program=program)
    assert answered(program, "min-safety-felt") == reverse("programs:running", args=[program.pk])
