"""Answering, closing and showing, against the real tables."""

import datetime as dt
import uuid

import pytest
from django.db import IntegrityError, ProgrammingError, transaction

from accounts.models import Institution
from outbox.models import Message
from programs.actions import seats
from programs.models import Membership
from surveys import tallies
from surveys.actions.answering import answer
from surveys.actions.closing import close_due
from surveys.actions.opening import withdraw
from surveys.errors import AnsweredAlready, BadAnswers, NotAsked, NotOpen
from surveys.models import Kind, Pool, Receipt, Result, Tally, Window
from surveys.questions import Question
from tests.factories.accounts import UserFactory
from tests.factories.surveys import CLOSES, DURING, NEXT, OPENS, PULSE, all_answer, group_of, window

pytestmark = pytest.mark.django_db
KEYS = [question.key for question in PULSE]
GOOD = dict.fromkeys(KEYS, 5)
LATER = CLOSES + NEXT


def state(asked: Window) -> str:
    asked.refresh_from_db()
    return asked.state


def test_an_answer_is_counted_and_a_receipt_is_kept():
    group, (user, *_) = group_of(2)
    asked = window(group)

    answer(asked, user, GOOD | {KEYS[0]: 2}, at=DURING)

    told = tallies.counts(asked, Tally.objects.get())
    assert told == {KEYS[0]: (0, 1, 0, 0, 0), KEYS[1]: (0, 0, 0, 0, 1), KEYS[2]: (0, 0, 0, 0, 1)}
    assert list(Receipt.objects.values_list("window", "user")) == [(asked.pk, user.pk)]


def test_the_second_answer_of_a_person_is_refused_and_changes_nothing():
    group, (user,) = group_of(1)
    asked = window(group)
    answer(asked, user, GOOD, at=DURING)
    before = bytes(Tally.objects.get().sealed)

    with pytest.raises(AnsweredAlready):
        answer(asked, user, dict.fromkeys(KEYS, 1), at=DURING)

    assert bytes(Tally.objects.get(window=asked).sealed) == before


@pytest.mark.parametrize(
    "given", [{}, GOOD | {"min-safety-felt": 0}, GOOD | {"min-safety-felt": 6}, GOOD | {"other": 3}]
)
def test_answers_outside_the_scale_or_the_questions_are_refused(given):
    group, (user,) = group_of(1)
    with pytest.raises(BadAnswers):
        answer(window(group), user, given, at=DURING)
    assert not Receipt.objects.exists()


@pytest.mark.parametrize("at", [OPENS - dt.timedelta(seconds=1), CLOSES])
def test_nobody_answers_early_or_late(at):
    group, (user,) = group_of(1)
    with pytest.raises(NotOpen):
        answer(window(group), user, GOOD, at=at)


def test_nobody_answers_for_a_group_they_are_not_in_or_no_longer_in():
    group, (user,) = group_of(1)
    asked = window(group)
    Membership.objects.filter(user=user).update(state="left", left_on=OPENS.date())
    for person in (user, UserFactory()):
        with pytest.raises(NotAsked):
            answer(asked, person, GOOD, at=DURING)
    assert not Receipt.objects.exists()


def test_the_tally_has_one_length_whatever_it_holds():
    group, users = group_of(7)
    asked = window(group)
    lengths = {len(bytes(asked.tally.sealed))}
    for user in users:
        all_answer(asked, [user])
        lengths.add(len(bytes(Tally.objects.get(window=asked).sealed)))
    assert len(lengths) == 1


def test_enough_answers_are_shown_once_and_nothing_of_them_is_kept():
    group, users = group_of(5)
    asked = window(group)
    all_answer(asked, users)

    assert close_due(at=CLOSES) == 1
    assert close_due(at=CLOSES) == 0

    assert state(asked) == "released"
    assert asked.result.words == dict.fromkeys(KEYS, "good")
    assert asked.result.people_at_least == 5
    assert not Receipt.objects.exists()
    assert not Tally.objects.exists()


def test_before_the_deadline_nothing_is_shown_however_many_answered():
    group, users = group_of(5)
    asked = window(group)
    all_answer(asked, users)

    assert close_due(at=CLOSES - dt.timedelta(seconds=1)) == 0
    assert state(asked) == "open"


def test_two_sessions_with_too_few_are_shown_together():
    group, users = group_of(5)
    one, two = window(group, 1), window(group, 2)
    all_answer(one, users[:4])
    all_answer(two, users[1:], value=1)

    close_due(at=CLOSES)
    assert state(one) == "waiting"
    close_due(at=LATER)

    assert {state(one), state(two)} == {"released"}
    assert one.result == two.result
    assert set(one.result.words.values()) == {"mixed"}
    assert not Tally.objects.exists()


def test_a_session_with_too_few_is_destroyed_when_its_partner_has_enough():
    group, users = group_of(5)
    one, two = window(group, 1), window(group, 2)
    all_answer(one, users[:4])
    all_answer(two, users)

    close_due(at=CLOSES)
    close_due(at=LATER)

    assert (state(one), state(two)) == ("destroyed", "released")
    assert not Receipt.objects.exists()


def test_a_session_with_too_few_after_one_that_was_shown_is_destroyed():
    group, users = group_of(5)
    one, two = window(group, 1), window(group, 2)
    all_answer(one, users)
    all_answer(two, users[:4])

    close_due(at=LATER)

    assert (state(one), state(two)) == ("released", "destroyed")


def test_four_people_who_answer_twice_are_still_four():
    group, users = group_of(4)
    one, two = window(group, 1), window(group, 2)
    all_answer(one, users)
    all_answer(two, users)

    close_due(at=LATER)

    assert {state(one), state(two)} == {"destroyed"}
    assert not Result.objects.exists()


def test_an_institution_may_choose_four():
    group, users = group_of(4)
    house = group.program.institution
    house.min_n = 4
    house.save()
    asked = window(group)
    all_answer(asked, users)

    close_due(at=CLOSES)

    assert state(asked) == "released"


def test_no_institution_chooses_fewer_than_four():
    group, _ = group_of(1)

    with pytest.raises(IntegrityError), transaction.atomic():
        Institution.objects.filter(pk=group.program.institution_id).update(min_n=3)


def test_what_waits_for_a_session_that_never_comes_is_destroyed():
    group, users = group_of(4)
    one = window(group, 1)
    all_answer(one, users)
    close_due(at=CLOSES)
    assert state(one) == "waiting"

    close_due(at=LATER)

    assert state(one) == "destroyed"
    assert not Tally.objects.exists()


def test_a_cancelled_session_takes_its_questions_away_unseen():
    group, users = group_of(5)
    asked = window(group)
    all_answer(asked, users)

    assert withdraw(Kind.PULSE, asked.about_id)

    assert state(asked) == "destroyed"
    assert not Tally.objects.exists()
    assert not Message.objects.filter(about_id=asked.pk, state="pending").exists()
    close_due(at=LATER)
    assert not Result.objects.exists()


def test_asking_again_follows_the_plan_until_it_is_open():
    group, _ = group_of(2)
    about = uuid.uuid4()
    later = OPENS + dt.timedelta(days=1)
    asked = window(group, about_id=about, opens_at=later, closes_at=CLOSES + dt.timedelta(days=1))

    again = window(
        group, about_id=about, opens_at=later + dt.timedelta(hours=1), closes_at=CLOSES + dt.timedelta(days=1)
    )

    assert again == asked
    assert again.opens_at == later + dt.timedelta(hours=1)
    assert window(group, about_id=about, opens_at=OPENS).opens_at == OPENS
    assert window(group, about_id=about, opens_at=later).opens_at == OPENS, "somebody may have answered"


def test_a_released_result_cannot_be_changed_or_removed():
    group, users = group_of(5)
    asked = window(group)
    all_answer(asked, users)
    close_due(at=CLOSES)

    for change in (lambda rows: rows.update(words={}), lambda rows: rows._raw_delete(rows.db)):
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            change(Result.objects.filter(group=group))


# Pooled for the coordinator


def pooled(*sizes: int, value: int = 5, **changes: object):
    """One program, a group for each of ``sizes`` with so many answers, closed with its pool."""
    first, users = group_of(sizes[0])
    asked = [window(first, **changes)]
    all_answer(asked[0], users, value)
    for size in sizes[1:]:
        group, users = group_of(size, program=first.program)
        asked.append(window(group, **changes))
        all_answer(asked[-1], users, value)
    close_due(at=LATER)
    return Pool.objects.get(), asked


def test_the_coordinator_gets_words_over_all_groups_when_all_are_closed():
    pool, _ = pooled(5, 6)

    assert pool.state == "released"
    assert pool.result.words == dict.fromkeys(KEYS, "good")
    assert pool.result.group is None
    assert pool.result.people_at_least == 10
    assert pool.key is None
    assert pool.sealed is None


def test_groups_too_small_to_be_shown_count_together_once_they_are_enough():
    pool, asked = pooled(4, 4)

    assert {state(one) for one in asked} == {"destroyed"}
    assert pool.state == "released"


def test_nothing_of_a_small_group_is_pooled_where_it_could_be_subtracted():
    pool, asked = pooled(6, 3)

    assert [state(one) for one in asked] == ["released", "destroyed"]
    assert pool.result.people_at_least == 5, "the three are not in it"


def test_a_pool_of_too_few_is_not_shown():
    pool, _ = pooled(3)
    assert pool.state == "destroyed"
    assert pool.result is None


@pytest.mark.parametrize(("others", "shown"), [(1, "destroyed"), (2, "released")])
def test_who_moves_between_two_groups_and_answers_in_both_is_one_person(others, shown):
    group, users = group_of(3)
    other, more = group_of(others, program=group.program)
    one, two = window(group), window(other)
    all_answer(one, users)

    seats.place(Membership.objects.get(user=users[0]), other, on=OPENS.date())
    all_answer(two, [users[0], *more])
    close_due(at=LATER)

    assert Pool.objects.get().state == shown, f"{4 + others} answers of {3 + others} people"


def test_who_was_in_another_group_before_anything_was_asked_counts_fully():
    group, users = group_of(4)
    other, more = group_of(1, program=group.program)
    seats.place(Membership.objects.get(user=users[0]), other, on=OPENS.date() - dt.timedelta(days=1))
    all_answer(window(group), users[1:])
    all_answer(window(other), [users[0], *more])
    close_due(at=LATER)

    assert Pool.objects.get().state == "released"


def test_people_who_answered_two_shown_sessions_count_once():
    group, users = group_of(6)
    one, two = window(group, 1), window(group, 2)
    all_answer(one, users)
    all_answer(two, users)

    close_due(at=LATER)

    assert Pool.objects.get().result.people_at_least == 5


ABOUT = (Question("min-safety-felt"), Question("prep-guide-human", about_guide=True))


def test_questions_about_the_guide_are_pooled_over_three_guides_only():
    assert list(pooled(5, 5, questions=ABOUT)[0].result.words) == ["min-safety-felt"]


def test_three_guides_are_enough():
    assert list(pooled(5, 5, 5, questions=ABOUT)[0].result.words) == ["min-safety-felt", "prep-guide-human"]


def test_the_group_sees_what_it_said_of_its_guide():
    _, (asked, *_rest) = pooled(5, questions=ABOUT)
    asked.refresh_from_db()
    assert set(asked.result.words) == {"min-safety-felt", "prep-guide-human"}


def test_agreeing_with_a_reversed_question_asks_for_attention():
    reverse = (Question("opt-burnout-not-fate", reverse=True),)
    _, (asked,) = pooled(5, questions=reverse)
    asked.refresh_from_db()
    assert asked.result.words == {"opt-burnout-not-fate": "attention"}
