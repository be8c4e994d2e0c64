"""What was released counts in the score, and nothing else does."""

import datetime as dt
from fractions import Fraction
from uuid import UUID

import pytest

from checklist.answered import WORTH, Released, counted
from checklist.assessing import assess, group_in, group_inputs
from checklist.outcomes import likert_score
from checklist.reading import read
from surveys.actions.closing import close_due
from surveys.models import Pool
from surveys.questions import Question
from tests.checklist.by_hand import on
from tests.factories.surveys import CLOSES, NEXT, all_answer, group_of, window

AT = on(2026, 11, 1)
GROUP = UUID(int=1)
SAFE, DEEP = "min-safety-felt", "min-depth-felt"


def told(word, kind="pulse", slot=1, item=SAFE, days=30, group=GROUP, people=5):
    return Released(group, kind, slot, {item: word}, people, AT - dt.timedelta(days=days))


def test_a_word_is_scored_in_the_middle_of_its_part_of_the_scale():
    scores = {word: likert_score(worth) for word, worth in WORTH.items()}
    assert scores == {"good": Fraction(4, 5), "mixed": Fraction(1, 2), "attention": Fraction(1, 5)}


def test_the_pulse_counts_over_the_last_two_pairs():
    released = [told("attention", slot=1), told("good", slot=2), told("mixed", slot=3)]
    assert counted(released, GROUP, AT)[SAFE].mean == (WORTH["good"] + WORTH["mixed"]) / 2


def test_half_way_and_at_the_end_the_latest_counts():
    item = "min-in-control"
    released = [told("good", "midway", 0, item, days=90), told("attention", "end", 0, item, days=2)]
    assert counted(released, GROUP, AT)[item].mean == WORTH["attention"]


def test_what_is_older_than_a_year_or_not_yet_shown_does_not_count():
    assert counted([told("good", days=365), told("good", days=-1)], GROUP, AT) == {}


def test_a_group_counts_its_own_words_and_the_coordinator_the_pooled_ones():
    released = [told("good"), told("mixed", group=None, people=10), told("attention", group=UUID(int=2))]
    assert counted(released, GROUP, AT)[SAFE].mean == WORTH["good"]
    assert counted(released, None, AT)[SAFE].mean == WORTH["mixed"]
    assert counted(released, None, AT)[SAFE].n == 10


def test_good_news_scores_high_also_where_agreeing_is_bad():
    item = "opt-burnout-not-fate"
    found = counted([told("good", "midway", 0, item)], GROUP, AT)[item]
    assert likert_score(found.mean, reverse=True) == Fraction(4, 5)


@pytest.mark.django_db
def test_released_words_reach_the_score_of_who_may_see_them(django_assert_num_queries):
    questions = (Question(SAFE), Question(DEEP))
    one, users = group_of(5)
    two, others = group_of(6, program=one.program)
    for group, people, value in ((one, users, 5), (two, others, 1)):
        all_answer(window(group, questions=questions), people, value)
    at = CLOSES + NEXT
    close_due(at=at)
    assert Pool.objects.get().state == "released"

    with django_assert_num_queries(1):
        reading = read(one.program, at)
    found = assess(one.program, at)
    own = group_inputs(reading, group_in(reading, one.pk), own_guide=True)
    from_outside = group_inputs(reading, group_in(reading, one.pk))

    assert found.inputs.resident[SAFE].mean == WORTH["attention"]
    assert own.resident[SAFE].mean == WORTH["good"]
    assert from_outside.resident == {}


@pytest.mark.django_db
def test_before_enough_people_answered_the_question_counts_as_not_asked():
    group, users = group_of(4)
    all_answer(window(group), users)
    at = CLOSES + NEXT
    close_due(at=at)
    line = next(
        item for item in assess(group.program, at).score.layers["minimal"].items if item.item.key == SAFE
    )
    assert (line.score, line.why_unknown) == (None, "not_asked")
