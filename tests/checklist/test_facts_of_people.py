"""Facts of guides, of who evaluates whom, and of who is in the groups."""

import datetime as dt
from fractions import Fraction

import pytest

from checklist.facts import guides
from checklist.facts import members as composed
from checklist.inputs import Range
from tests.checklist.by_hand import Known, group, guide, member, members, scope


def test_evaluator_guides_counts_each_guide_once_suspended_or_not():
    known = Known(("g", "u1"), ("g", "u2"))

    def counted(*rows):
        return guides.evaluator_guides(scope(group(members=members(1, 2), guides=rows), independence=known))

    assert counted(guide("g"), guide("h")) == 1
    assert counted(guide("g", suspended=True)) == 1
    assert counted(guide("h")) == 0
    assert counted() is None


def test_evaluator_guides_of_another_group_do_not_count():
    one = group("g1", members=(member(1),), guides=(guide("g"),))
    two = group("g2", members=(member(2),), guides=(guide("h"),))

    assert guides.evaluator_guides(scope(one, two, independence=Known(("g", "u2")))) == 0


def test_a_guide_of_whom_it_is_not_known_leaves_a_range():
    row = group(members=members(1, 2), guides=(guide("g"), guide("h")))

    def counted(known):
        return guides.evaluator_guides(scope(row, independence=known))

    assert counted(Known(open_pairs=(("g", "u1"),))) == Range(0, 1)
    assert counted(Known(("h", "u1"), open_pairs=(("g", "u1"),))) == Range(1, 2)
    assert counted(Known(("g", "u2"), open_pairs=(("g", "u1"),))) == 1


def test_a_member_who_left_or_is_paused_is_out_of_the_count():
    rows = (
        member(1, left_on=dt.date(2026, 10, 1)),
        member(2, paused_from=dt.date(2026, 11, 2)),
        member(3, suspended_from=dt.date(2026, 11, 1)),
        member(4),
    )
    known = Known(("g", "u1"), ("g", "u2"), ("g", "u3"))

    assert guides.evaluator_guides(scope(group(members=rows, guides=(guide("g"),)), independence=known)) == 0


def test_evaluator_members_counts_those_who_evaluate_another_member():
    row = group(members=members(1, 2, 3))

    assert guides.evaluator_members(scope(row, independence=Known(("u1", "u2"), ("u1", "u3")))) == 1
    assert guides.evaluator_members(scope(row)) == 0
    assert guides.evaluator_members(scope(group())) is None


def test_evaluator_content_access_counts_guides_and_coordinators_in_force():
    def counted(*, suspended):
        row = group(members=members(1), guides=(guide("g", suspended=suspended),))
        known = Known(("g", "u1"), ("c", "u1"))
        return guides.evaluator_content_access(scope(row, independence=known, coordinators=("c",)))

    assert counted(suspended=False) == 2
    assert counted(suspended=True) == 1
    assert guides.evaluator_content_access(scope(group())) is None


def test_guide_training_hours_min_is_that_of_the_least_trained_lead():
    rows = (guide("a", hours=8), guide("b", hours=3), guide("c", hours=0, leads=False))

    assert guides.guide_training_hours_min(scope(group(guides=rows))) == 3
    assert guides.guide_training_hours_min(scope(group(guides=(guide(),)))) == 0
    assert guides.guide_training_hours_min(scope(group(guides=(guide(leads=False),)))) is None


@pytest.mark.parametrize(
    ("rows", "value"),
    [
        ((), None),
        ((guide("a"),), None),
        ((guide("a", kind="psychologist", cbt=True),), True),
        ((guide("a", kind="psychologist"),), False),
        ((guide("a", kind="coach", cbt=True),), False),
        ((guide("a", kind="coach"), guide("b", kind="psychologist", cbt=True)), True),
        ((guide("a", kind="coach"), guide("b")), None),
    ],
)
def test_lead_psych_cbt_asks_for_one_lead_with_both(rows, value):
    assert guides.lead_psych_cbt(scope(group(guides=rows))) is value


def test_lead_psych_cbt_holds_for_every_group():
    good, bad = guide("a", kind="psychologist", cbt=True), guide("b", kind="coach")

    assert guides.lead_psych_cbt(scope(group("g1", guides=(good,)), group("g2", guides=(bad,)))) is False
    assert guides.lead_psych_cbt(scope(group("g1", guides=(good,)), group("g2"))) is None


def test_lead_is_alumni_asks_every_lead_to_be_one_who_evaluates_nobody():
    rows = (guide("a", kind="alumnus"), guide("b", kind="alumnus"))
    row = group(members=members(1), guides=rows)

    assert guides.lead_is_alumni(scope(row)) is True
    assert guides.lead_is_alumni(scope(row, independence=Known(("a", "u1")))) is False
    assert guides.lead_is_alumni(scope(row, independence=Known(open_pairs=(("a", "u1"),)))) is None
    assert guides.lead_is_alumni(scope(group(guides=(rows[0], guide("c", kind="coach"))))) is False
    assert guides.lead_is_alumni(scope(group())) is None


def test_mental_health_cofacilitator_is_a_psychologist_who_leads_along():
    lead, along = guide("a", kind="psychologist"), guide("b", leads=False, kind="psychologist")

    assert guides.mental_health_cofacilitator(scope(group(guides=(lead, along)))) is True
    assert guides.mental_health_cofacilitator(scope(group(guides=(lead,)))) is False
    assert guides.mental_health_cofacilitator(scope(group(guides=(lead, guide("c", leads=False))))) is None
    assert guides.mental_health_cofacilitator(scope(group())) is None


def test_steering_training_share_is_over_all_guides():
    rows = (guide("a", steering=True), guide("b", leads=False))

    assert guides.steering_training_share(scope(group(guides=rows))) == Fraction(1, 2)
    assert guides.steering_training_share(scope(group())) is None


def test_group_size_planned_counts_who_takes_part_and_aims_while_nobody_does():
    rows = (
        *members(1, 1, 2, 2, 3),
        member(6, paused_from=dt.date(2026, 10, 1), paused_until=dt.date(2026, 12, 1)),
    )

    assert composed.group_size_planned(scope(group(members=rows))) == 5
    assert composed.group_size_planned(scope(group())) == 6
    assert composed.group_size_planned(scope()) == 6
    assert composed.group_size_planned(scope(group(), stage="running")) == 0
    assert composed.group_size_planned(scope(target_size=None)) is None


def test_group_size_planned_of_a_program_is_that_of_the_group_that_fits_least():
    sizes = [group(f"g{size}", members=members(*[1] * size)) for size in (6, 3, 8)]

    assert composed.group_size_planned(scope(*sizes)) == 3


def test_training_years_distinct_is_that_of_the_least_mixed_group():
    mixed, one = group("g1", members=members(1, 2, 3)), group("g2", members=members(4, 4))

    assert composed.training_years_distinct(scope(mixed)) == 3
    assert composed.training_years_distinct(scope(mixed, one)) == 1
    assert composed.training_years_distinct(scope(mixed, group("g3"))) == 3
    assert composed.training_years_distinct(scope(group(members=members(1, None)))) == Range(1, 2)
    assert composed.training_years_distinct(scope(group(members=members(None)))) is None
    assert composed.training_years_distinct(scope(group())) is None


def test_training_years_share_is_of_the_years_of_the_training():
    def shared(*years, length):
        return composed.training_years_share(scope(group(members=members(*years, training_years=length))))

    assert shared(1, 2, 3, 4, length=4) == 1
    assert shared(1, 2, 2, length=4) == Fraction(1, 2)
    assert shared(1, 5, length=1) == 1
    assert shared(1, None, length=4) is None
    assert shared(1, 2, length=None) is None


def test_same_phase_peer_share_knows_no_peer_in_another_group():
    one, two = group("g1", members=members(1, 1, 2)), group("g2", members=members(2))

    assert composed.same_phase_peer_share(scope(one)) == Fraction(2, 3)
    assert composed.same_phase_peer_share(scope(one, two)) == Fraction(1, 2)
    assert composed.same_phase_peer_share(scope(group(members=members(1, None)))) is None
    assert composed.same_phase_peer_share(scope(group())) is None


def test_cohort_disciplines_counts_the_most_mixed_group():
    def mixed(*names):
        rows = tuple(member(n, discipline=name) for n, name in enumerate(names))
        return composed.cohort_disciplines(scope(group("g1", members=rows), group("g2", members=(rows[0],))))

    assert mixed("nurse", "Nurse") == 1
    assert mixed("nurse", "midwife", "surgeon") == 3
    assert mixed("nurse", "") is None
