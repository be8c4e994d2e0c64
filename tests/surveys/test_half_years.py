"""What the director is shown: over programs, once in half a year, never of few."""

import datetime as dt

import pytest
from django.db import ProgrammingError, transaction
from django.urls import reverse

from checklist.answered import counted, of_house
from surveys.actions.closing import close_due
from surveys.models import HalfYear, HalfYearResult, Kind
from surveys.questions import Question
from surveys.tallies import PoolCounts
from tests.factories.accounts import AppointmentFactory, InstitutionFactory
from tests.factories.programs import MembershipFactory, ProgramFactory
from tests.factories.surveys import CLOSES, DURING, PULSE, all_answer, group_of, window

pytestmark = pytest.mark.django_db
#: The windows close in February 2027, and the half-year with the first moment of July, Dutch time.
OVER = dt.datetime(2027, 6, 30, 22, tzinfo=dt.UTC)
KEYS = [question.key for question in PULSE]


@pytest.fixture
def house():
    return InstitutionFactory()


def program(house, *sizes: int, value: int = 5, people=(), **changes: object):
    """One with a group for each of ``sizes``, that so many answered; ``people`` sit in the first as well."""
    made = ProgramFactory(institution=house)
    for size in sizes:
        group, users = group_of(size - len(people), program=made)
        users += [MembershipFactory(group=group, user=user).user for user in people]
        fields = {"kind": Kind.MIDWAY, "about_id": group.pk, "number": 0, "pair": None, "waits_until": None}
        all_answer(window(group, **(fields | {"pool_closes_at": CLOSES} | changes)), users, value)
        people = ()
    return made


def over() -> HalfYear:
    close_due(at=CLOSES)
    close_due(at=OVER)
    return HalfYear.objects.get()


def test_three_groups_and_ten_people_are_shown_once_the_half_year_is_over(house):
    program(house, 5, 5)
    program(house, 5, value=1)
    close_due(at=CLOSES)
    half = HalfYear.objects.get()
    assert (half.state, half.closes_at, half.from_on) == ("open", OVER, dt.date(2027, 1, 1))

    assert close_due(at=OVER - dt.timedelta(seconds=1)) == 0
    assert close_due(at=OVER) == 1
    assert close_due(at=OVER) == 0

    half.refresh_from_db()
    assert (half.state, half.key, half.sealed) == ("released", None, None)
    assert half.result.words == dict.fromkeys(KEYS, "good")
    assert half.result.people_at_least == 10


@pytest.mark.parametrize(
    "programs", [[(5, 5)], [(5,), (4,), (4,)], [(7,), (7,)], [(4,), (4,), (4,), (4,)]], ids=str
)
def test_two_groups_or_groups_that_were_shown_nothing_are_not_enough(house, programs):
    for sizes in programs:
        program(house, *sizes)

    half = over()

    assert (half.state, half.result, half.key, half.sealed) == ("destroyed", None, None, None)


def test_the_few_of_a_program_that_nobody_was_shown_are_left_out(house):
    for size in (5, 5, 5):
        program(house, size)
    program(house, 4, value=1)
    close_due(at=CLOSES)
    half = HalfYear.objects.get()

    assert PoolCounts(half).people == [15, 4]
    assert over().result.words == dict.fromkeys(KEYS, "good")


def test_what_a_coordinator_was_shown_counts_with_what_was_shown(house):
    """Two groups of four were shown nothing, and their coordinator their words together."""
    program(house, 5, 5, 5)
    program(house, 4, 4, value=1)
    close_due(at=CLOSES)

    assert PoolCounts(HalfYear.objects.get()).people == [23, 0]


def test_people_who_sit_in_two_groups_are_counted_once(house):
    _, users = group_of(4)
    program(house, 5, people=users[:3])
    program(house, 5, people=users[:3])
    program(house, 5, people=users[:3])

    assert over().state == "destroyed", "fifteen answers of nine people"


def test_a_program_counts_once_in_a_half_year(house):
    made = [program(house, 5) for _ in range(3)]
    pulse = {"kind": Kind.PULSE, "number": 1, "pair": 1}
    for number, one in ((1, 5), (3, 1)):
        for each in made:
            group = each.groups.get()
            users = [member.user for member in group.memberships.all()]
            later = {
                "number": number,
                "pair": (number + 1) // 2,
                "about_id": each.pk if number == 1 else None,
            }
            fields = {key: value for key, value in (pulse | later).items() if value is not None}
            all_answer(window(group, **fields, pool_closes_at=CLOSES), users, one)
    close_due(at=OVER - dt.timedelta(days=1))
    close_due(at=OVER)

    assert HalfYearResult.objects.get(kind="pulse").words == dict.fromkeys(KEYS, "good")


ABOUT = (Question("min-safety-felt"), Question("prep-guide-human", about_guide=True))


def test_questions_about_guides_take_three_of_them(house):
    same = [house.pk]
    for _ in range(3):
        program(house, 5, questions=ABOUT, guides=same)

    assert list(over().result.words) == ["min-safety-felt"]


def test_another_house_or_format_is_apart(house):
    program(house, 5, 5, 5)
    program(InstitutionFactory(), 5, 5, 5)
    made = program(house, 5)
    assert made.format == "intervision"
    close_due(at=CLOSES)

    assert HalfYear.objects.count() == 2


def test_what_was_released_can_neither_change_nor_go(house):
    program(house, 5, 5, 5)
    over()

    for change in (lambda rows: rows.update(words={}), lambda rows: rows._raw_delete(rows.db)):
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            change(HalfYearResult.objects.all())


def test_a_score_over_the_house_counts_the_words_that_were_shown(house):
    program(house, 5, 5, 5)
    over()

    found = counted(of_house(house.survey_results.all()), None, OVER + dt.timedelta(days=1))

    assert {item: (answer.mean, answer.n) for item, answer in found.items()} == dict.fromkeys(
        KEYS, (pytest.approx(4.2), 10)
    )


def test_the_director_reads_words_and_no_group(client, house):
    director = AppointmentFactory(institution=house, role="director").user
    client.force_login(director)
    page = reverse("surveys:house", args=[house.slug])
    assert "Nothing has been asked yet" in client.get(page).content.decode()
    made = program(house, 5, 5, 5)

    close_due(at=CLOSES)
    waiting = client.get(page).content.decode()
    close_due(at=OVER)
    shown = client.get(page).content.decode()

    assert "stand here after" in waiting
    assert "January to June 2027" in shown
    assert "Good" in shown
    for group in made.groups.all():
        assert group.name not in shown


def test_the_page_asks_as_much_for_many_half_years_as_for_few(client, house, django_assert_max_num_queries):
    client.force_login(AppointmentFactory(institution=house, role="director").user)
    for number in range(30):
        HalfYear.objects.create(
            institution=house,
            format="intervision",
            kind="midway",
            from_on=dt.date(2000 + number, 1, 1),
            questions=[],
            closes_at=DURING,
            state="destroyed",
        )
    page = reverse("surveys:house", args=[house.slug])
    assert client.get(page).status_code == 200
    with django_assert_max_num_queries(6):
        client.get(page)
