"""A round about the climate: who is asked, that nobody can tell who said what, what is shown and what it counts for."""

import datetime as dt

import pytest
from django.db import ProgrammingError, connection, transaction

from checklist.assessing import assess
from desk.actions.erasing import let_go
from outbox.models import Message
from surveys import tallies
from surveys.actions import climate
from surveys.actions.closing import close_due
from surveys.errors import AnsweredAlready, AskedRecently, BadAnswers, NobodyToAsk, NotOpen, RoundRunning
from surveys.models import ClimateInvitation, ClimateReceipt, ClimateResult, ClimateRound, Stratum
from surveys.questions import keys
from tests.factories.accounts import (
    AppointmentFactory,
    DepartmentFactory,
    InstitutionFactory,
    PlacementFactory,
)
from tests.factories.programs import GroupFactory, MembershipFactory, ProgramFactory
from tests.surveys.climate_rounds import DURING, END, LEADING, START, all_say, begin, placed, staffed, three

pytestmark = pytest.mark.django_db


@pytest.fixture
def house():
    return InstitutionFactory(name="Hillside")


@pytest.fixture
def department(house):
    return DepartmentFactory(institution=house, name="Surgery")


def test_each_stratum_is_asked_what_the_catalogue_asks_of_it(house, department):
    begun = three(house, department)

    assert {stratum.who: len(stratum.asked) for stratum in begun.strata.all()} == {
        "residents": 9,
        "intervisors": 5,
        "staff": 9,
    }
    assert Message.objects.filter(kind=climate.ASKED).count() == 15
    assert Message.objects.filter(kind=climate.CLOSING, due_at=END - dt.timedelta(days=3)).count() == 15


def test_everybody_is_asked_once_whatever_else_they_are(house, department):
    (resident, *_) = placed(department, 5)
    AppointmentFactory(institution=house, role="intervisor", user=resident)
    for _ in range(5):
        AppointmentFactory(institution=house, role="intervisor")
    begun = begin(
        house, [department], {department.pk: [resident.email.upper(), *staffed(department, 5)[department.pk]]}
    )

    assert {each.who: each.invited for each in begun.strata.all()} == {
        "residents": 5,
        "intervisors": 5,
        "staff": 5,
    }


def test_too_few_to_be_shown_are_not_asked(house, department):
    placed(department, 4)
    begun = begin(house, [department], staffed(department, 5))
    assert [each.who for each in begun.strata.all()] == ["staff"]


def test_nobody_to_ask_is_refused(house, department):
    placed(department, 4)
    with pytest.raises(NobodyToAsk):
        begin(house, [department])
    assert not ClimateRound.objects.exists()


def test_one_round_at_a_time_and_no_department_twice_in_half_a_year(house, department):
    begun = three(house, department)
    with pytest.raises(RoundRunning):
        begin(house, [department], staffed(department, 5))
    close_due(at=END)
    soon, later = END + climate.APART - dt.timedelta(days=1), END + climate.APART
    with pytest.raises(AskedRecently):
        begin(house, [department], staffed(department, 5), at=soon, closes_at=soon + dt.timedelta(weeks=3))

    other = DepartmentFactory(institution=house)
    with transaction.atomic():
        begin(house, [other], staffed(other, 5), at=soon, closes_at=soon + dt.timedelta(weeks=1))
    close_due(at=later)
    close_due(at=soon + dt.timedelta(weeks=1))
    again = later + dt.timedelta(weeks=2)
    assert begin(
        house, [department], staffed(department, 5), at=again, closes_at=again + dt.timedelta(weeks=1)
    )
    assert begun.pk


def test_an_invitation_counts_once_and_only_while_the_round_is_open(house, department):
    begun = three(house, department)
    stratum = begun.strata.get(who="staff")
    invitation = stratum.invitations.first()
    good = dict.fromkeys(keys(stratum.asked), 5)
    for given in ({}, good | {"other": 3}, good | {keys(stratum.asked)[0]: 6}):
        with pytest.raises(BadAnswers):
            climate.answer(invitation, given, at=DURING)
    for at in (START - dt.timedelta(seconds=1), END):
        with pytest.raises(NotOpen):
            climate.answer(invitation, good, at=at)

    climate.answer(invitation, good, at=DURING)
    with pytest.raises(AnsweredAlready):
        climate.answer(invitation, dict.fromkeys(good, 1), at=DURING)

    stratum.refresh_from_db()
    assert set(tallies.counts_of_stratum(stratum).values()) == {(0, 0, 0, 0, 1)}


def test_three_strata_close_by_themselves_and_are_shown_apart(house, department):
    begun = three(house, department)
    for who, value in (("residents", 5), ("intervisors", 3), ("staff", 1)):
        all_say(begun.strata.get(who=who), value)
    assert close_due(at=END - dt.timedelta(seconds=1)) == 0

    assert close_due(at=END) == 1
    assert close_due(at=END) == 0

    shown = {one.who: set(one.words.values()) for one in ClimateResult.objects.all()}
    assert shown == {"residents": {"good"}, "intervisors": {"mixed"}, "staff": {"attention"}}
    begun.refresh_from_db()
    assert begun.state == "closed"


def test_nothing_is_left_of_a_closed_round_but_its_words(house, department):
    begun = three(house, department)
    all_say(begun.strata.get(who="staff"), 5)
    assert Message.objects.exclude(address="").exists()
    close_due(at=END)

    assert not ClimateReceipt.objects.exists()
    assert not Message.objects.exclude(address="").exists()
    assert not Stratum.objects.exclude(key=None, sealed=None).exists()
    assert not ClimateInvitation.objects.exclude(email="", user=None).exists()


def test_a_stratum_with_too_few_answers_is_destroyed(house, department):
    begun = three(house, department)
    all_say(begun.strata.get(who="residents"), 5)
    all_say(begun.strata.get(who="staff"), 5, 4)

    close_due(at=END)

    assert [one.who for one in ClimateResult.objects.all()] == ["residents"]


def departments(house, *sizes: int):
    """Departments with so many residents, of whom all answer: the first good, the others badly."""
    found = [DepartmentFactory(institution=house) for _ in sizes]
    for each, size in zip(found, sizes, strict=True):
        placed(each, size)
    begun = begin(house, found)
    for number, each in enumerate(found):
        all_say(begun.strata.get(department=each), 1 if number else 5)
    close_due(at=END)
    return {
        (one.department, one.people_at_least): set(one.words.values()) for one in ClimateResult.objects.all()
    }, found


def test_small_departments_are_shown_together_if_they_are_enough(house):
    shown, _ = departments(house, 2, 3)
    assert shown == {(None, 5): {"attention"}}


def test_few_of_a_small_department_are_shown_nowhere(house):
    shown, (one, _other) = departments(house, 6, 4)
    assert shown == {(one, 5): {"good"}}


def test_no_answer_stands_behind_two_words(house):
    shown, (one, *_small) = departments(house, 5, 2, 4)
    assert shown == {(one, 5): {"good"}, (None, 5): {"attention"}}


def test_what_was_released_can_neither_change_nor_go(house, department):
    begun = three(house, department)
    all_say(begun.strata.get(who="staff"), 5)
    close_due(at=END)
    for change in (lambda rows: rows.update(words={}), lambda rows: rows._raw_delete(rows.db)):
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            change(ClimateResult.objects.all())


def test_a_round_taken_back_leaves_nothing_and_can_begin_anew(house, department):
    begun = three(house, department)
    all_say(begun.strata.get(who="staff"), 5)

    assert climate.withdraw(begun.pk)
    assert not climate.withdraw(begun.pk)

    close_due(at=END)
    assert not ClimateResult.objects.exists()
    assert not ClimateReceipt.objects.exists()
    assert begin(house, [department], staffed(department, 5))


def test_whoever_is_erased_is_no_longer_named_by_a_round(house, department):
    user, *_ = placed(department, 5)
    begin(house, [department])
    let_go(user, at=DURING)
    assert not ClimateInvitation.objects.filter(user=user).exists()
    assert ClimateInvitation.objects.filter(email="").count() == 1


def test_a_climate_tally_has_one_length_and_a_new_look_each_time(house, department):
    stratum = three(house, department).strata.get(who="staff")
    seen = []
    for invitation in stratum.invitations.all():
        climate.answer(invitation, dict.fromkeys(keys(stratum.asked), 4), at=DURING)
        stratum.refresh_from_db()
        seen.append(bytes(stratum.sealed))
    assert len({len(one) for one in seen}) == 1
    assert len(set(seen)) == 5


@pytest.mark.django_db(transaction=True)
def test_joined_by_transaction_receipts_meet_one_tally_that_says_nothing_of_anybody(house, department):
    stratum = three(house, department).strata.get(who="staff")
    all_say(stratum, 4)
    with connection.cursor() as cursor:
        cursor.execute(
            "select count(*), count(distinct s.sealed) from surveys_climatereceipt r"
            " join surveys_stratum s on s.xmin::text = r.xmin::text"
        )
        assert cursor.fetchone() == (1, 1), "the last to come, and whole: one of five inside"
    columns = {field.column for field in ClimateReceipt._meta.local_concrete_fields}
    assert columns == {"stratum_id", "invitation_id"}


# What the checklist makes of it


def program_of(house, *departments):
    group = GroupFactory(program=ProgramFactory(institution=house))
    for department in departments:
        MembershipFactory(group=group, user=PlacementFactory(department=department).user)
    return group.program


def climate_of(program, at=END):
    score = assess(program, at).score
    return score.layers["climate"], score.items[LEADING]


def test_the_climate_layer_counts_the_strata_that_were_shown(house, department):
    begun = three(house, department)
    program = program_of(house, department)
    assert climate_of(program)[1].status == "unknown"
    for who, value in (("residents", 5), ("intervisors", 3), ("staff", 1)):
        all_say(begun.strata.get(who=who), value)
    close_due(at=END)

    layer, item = climate_of(program)

    assert float(item.score) == pytest.approx((0.8 + 0.5 + 0.2) / 3)
    assert layer.usable


def test_a_program_counts_its_own_department_and_small_ones_together(house):
    _, (one, other, small) = departments(house, 5, 2, 4)
    assert [float(climate_of(program_of(house, each))[1].score) for each in (one, other, small)] == [
        pytest.approx(0.8),
        pytest.approx(0.2),
        pytest.approx(0.2),
    ]


def test_what_is_said_of_another_department_says_nothing_of_a_program(house, department):
    begun = three(house, department)
    all_say(begun.strata.get(who="staff"), 5)
    close_due(at=END)
    assert climate_of(program_of(house, DepartmentFactory(institution=house)))[1].status == "unknown"


def test_before_the_release_and_a_year_after_it_the_climate_is_unknown(house, department):
    begun = three(house, department)
    program = program_of(house, department)
    all_say(begun.strata.get(who="residents"), 5)
    assert climate_of(program, DURING)[1].status == "unknown"
    close_due(at=END)

    assert climate_of(program)[1].status == "met"
    assert climate_of(program, END + dt.timedelta(days=365))[1].status == "unknown"


def test_another_house_counts_nothing_of_it(house, department):
    begun = three(house, department)
    all_say(begun.strata.get(who="intervisors"), 5)
    close_due(at=END)
    assert climate_of(program_of(InstitutionFactory()))[1].status == "unknown"
