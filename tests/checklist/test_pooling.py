"""What a director sees of all programs: four layers as they stood, and never one of the programs."""

import datetime as dt
from fractions import Fraction
from uuid import uuid4

import pytest
import time_machine
from django.conf import settings
from django.urls import reverse

import catalogue
from accounts.models import Institution
from checklist import picture, pooling, whole
from checklist.inputs import Answers, Inputs
from checklist.models import Snapshot, SnapshotRun
from checklist.pooling import Stood
from checklist.scoring import score
from programs.models import Program
from surveys.actions import half_years
from surveys.models import HalfYearResult
from tests.factories.accounts import AppointmentFactory, InstitutionFactory
from tests.factories.programs import GroupFactory, MembershipFactory, ProgramFactory

NOW = dt.datetime(2027, 2, 1, 9, tzinfo=dt.UTC)
BEFORE, AFTER = dt.datetime(2026, 12, 1, 2, tzinfo=dt.UTC), dt.datetime(2027, 1, 20, 2, tzinfo=dt.UTC)
KNOWN = catalogue.load()


def facts_of(size):
    return {"group_size_planned": size, "onsite_share": 1, "own_case_share": 1, "intake_frame_share": 1,
            "confidentiality_incidents": 0}  # fmt: skip


def stood(size=6, **answers):
    found = score(KNOWN, "intervision", Inputs(facts=facts_of(size), resident=answers))
    return Stood("intervision", whole.kept(found)["items"])


def pooled(stood, answers):
    """Of groups of four."""
    groups = {uuid4(): one for one in stood}
    figures = pooling.conditions(groups, {group: {uuid4() for _ in range(4)} for group in groups})
    return pooling.pool({key: figure.value for key, figure in figures.items()}, answers)


def test_each_group_counts_once():
    found = pooled([stood(6), stood(6), stood(6), stood(12)], {})

    assert found.items["prep-group-size"].score == 0.75
    assert found.items["prep-onsite"].score == 1


def test_nothing_that_was_answered_ticked_or_reported_comes_from_a_program():
    one = stood(6, **{"min-safety-felt": Answers(5, 12)})

    found = pooled([one] * 3, {})

    told = {key for key, item in found.items.items() if item.score is not None}
    assert told == {"prep-group-size", "prep-onsite"}


def test_what_members_answered_comes_from_what_the_director_was_shown():
    answers = {
        "intervision": {"min-safety-felt": Answers(5, 10)},
        "peer_support": {"min-depth-felt": Answers(5, 10)},
    }

    found = pooled([stood(**{"min-safety-felt": Answers(1, 12)})] * 3, answers)

    assert found.items["min-safety-felt"].score == 1
    assert found.items["min-depth-felt"].score is None


@pytest.mark.parametrize(
    ("day", "first"),
    [("2027-01-01", "2027-01-01"), ("2027-06-30", "2027-01-01"), ("2027-07-01", "2027-07-01")],
)
def test_a_half_year_begins_in_january_or_july(day, first):
    noon = dt.datetime.combine(dt.date.fromisoformat(day), dt.time(12), dt.UTC)
    assert half_years.begins(Institution(), noon) == dt.date.fromisoformat(first)


@pytest.fixture
def house(db):
    with time_machine.travel(NOW, tick=False):
        yield InstitutionFactory()


def a_program(house, groups, people, **fields):
    program = ProgramFactory(institution=house, stage="running", title="Kanarietrajectvogel", **fields)
    for number in range(groups):
        group = GroupFactory(program=program, name=f"Kanariegroepvogel {number}")
        for _person in range(people):
            MembershipFactory(group=group)
    return program


def keep(program, at, size=6, *, of=None, audience="coordinator", **facts):
    """As the program was found in the night of ``at``, with all its groups; otherwise the groups ``of`` it alone."""
    run, _made = SnapshotRun.objects.get_or_create(night=at.date(), defaults={"began_at": at, "total": 1})
    found = score(KNOWN, program.format, Inputs(facts=facts_of(size) | facts))
    groups = of if of is not None else [*program.groups.all(), None]
    for group in groups:
        Snapshot.objects.create(
            program=program, group=group and group.pk, audience=audience, taken_at=at, run=run,
            catalogue_version=KNOWN.version, windows=0, content=whole.kept(found), digest=f"{program.pk}{at}"[:64],
        )  # fmt: skip


def rings(house, at):
    """As they are told once the task made them."""
    picture.take_due(at=at)
    return picture.rings(house, at)


def size_of(house):
    found = rings(house, NOW).score
    return found and found.items["prep-group-size"].score


def test_it_shows_how_programs_stood_when_the_half_year_began(house):
    one = a_program(house, groups=3, people=4)
    keep(one, BEFORE - dt.timedelta(days=30), size=12)
    keep(one, BEFORE, size=6)
    keep(one, AFTER, size=12)

    assert size_of(house) == 1


def test_what_a_group_alone_was_shown_is_not_in_it(house):
    program = a_program(house, groups=3, people=4)
    keep(program, BEFORE, size=6)
    keep(program, BEFORE + dt.timedelta(days=1), size=12, of=program.groups.all(), audience="group")

    assert size_of(house) == 1


@pytest.mark.parametrize(("groups", "people"), [(2, 6), (3, 3)])
def test_below_three_groups_or_ten_people_it_says_nothing(house, groups, people):
    keep(a_program(house, groups, people), BEFORE)

    assert rings(house, NOW).score is None


def test_a_condition_that_one_group_alone_knows_is_told_of_nobody(house):
    """Enough groups know something, and of the preparation one knows what others do not."""
    alone, *others = [a_program(house, groups=1, people=4) for _ in range(4)]
    keep(alone, BEFORE, size=12, onsite_share=0)
    for other in others:
        keep(other, BEFORE, group_size_planned=None)

    found = rings(house, NOW).score

    assert found.items["prep-group-size"].score is None
    assert found.items["prep-onsite"].score == Fraction(3, 4)


def test_groups_of_one_program_that_do_not_know_a_condition_do_not_lend_it_weight(house):
    program = a_program(house, groups=4, people=4)
    first, *others = program.groups.all()
    keep(program, BEFORE, of=[first, None], size=12)
    keep(program, BEFORE, of=others, group_size_planned=None)

    assert size_of(house) is None


@pytest.mark.parametrize(("others", "told"), [(2, None), (3, 0)])
def test_a_condition_is_told_from_three_groups_and_ten_people_that_know_it(house, others, told):
    program = a_program(house, groups=4, people=4)
    groups = list(program.groups.all())
    keep(program, BEFORE, of=groups[:others], size=12)
    keep(program, BEFORE, of=groups[others:], group_size_planned=None)

    assert size_of(house) == told


def test_three_groups_of_fewer_than_ten_people_that_know_a_condition_are_too_few(house):
    keep(a_program(house, groups=3, people=3), BEFORE, size=12)
    keep(a_program(house, groups=3, people=4), BEFORE, group_size_planned=None)

    assert size_of(house) is None


def test_that_something_applies_to_one_group_alone_is_not_seen(house):
    """Neither by how much there is to know, nor by how much is known."""
    other = InstitutionFactory()
    for there in (house, other):
        keep(a_program(there, groups=3, people=4), BEFORE, intake_held_share=0)
    keep(a_program(other, groups=1, people=4), BEFORE, intake_held_share=1, intake_own_guide_share=1)

    points = [
        {key: layer.points for key, layer in rings(there, NOW).score.layers.items()}
        for there in (house, other)
    ]

    assert points[0] == points[1]


def test_programs_count_together_and_those_of_others_or_without_a_start_do_not(house):
    keep(a_program(house, groups=2, people=5), BEFORE, size=6)
    keep(a_program(house, groups=2, people=5), BEFORE, size=12)
    keep(a_program(InstitutionFactory(), groups=3, people=5), BEFORE, size=12)
    draft = a_program(house, groups=3, people=5)
    keep(draft, BEFORE, size=12)
    Program.objects.filter(pk=draft.pk).update(stage="draft")

    assert size_of(house) == 0.5


def test_the_page_names_no_program_and_no_group_and_shows_four_whole_rings(client, house):
    keep(a_program(house, groups=3, people=4), BEFORE)
    HalfYearResult.objects.create(
        institution=house, format="intervision", kind="pulse", from_on=dt.date(2026, 7, 1),
        words={"min-safety-felt": "good"}, people_at_least=10, released_at=BEFORE,
    )  # fmt: skip
    client.force_login(AppointmentFactory(institution=house, role="director").user)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"

    picture.take_due(at=NOW)
    page = client.get(reverse("checklist:house", args=[house.slug])).content.decode()

    assert "Kanarie" not in page
    assert "/checklist/groups/" not in page
    drawn = page.partition('class="chart rings"')[2].partition("</svg>")[0]
    assert drawn.count("<g><title>") == 4
    assert "<a " not in drawn
    assert all(str(layer.label) in page for layer in KNOWN.layers.values())
    assert not any(str(item.statement) in page for item in KNOWN.items.values())


def test_where_there_is_too_little_the_page_says_so_and_no_more(client, house):
    keep(a_program(house, groups=2, people=6), BEFORE)
    client.force_login(AppointmentFactory(institution=house, role="director").user)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"

    picture.take_due(at=NOW)
    page = client.get(reverse("checklist:house", args=[house.slug])).content.decode()

    assert "Too few groups to show anything" in page
    assert 'class="chart rings"' not in page


@pytest.mark.parametrize("programs", [1, 5])
def test_the_page_asks_as_little_for_five_programs_as_for_one(
    client, house, programs, django_assert_max_num_queries
):
    for _number in range(programs):
        keep(a_program(house, groups=3, people=4), BEFORE)
    client.force_login(AppointmentFactory(institution=house, role="director").user)
    page = reverse("checklist:house", args=[house.slug])
    client.get(page)

    with django_assert_max_num_queries(8):
        assert client.get(page).status_code == 200
