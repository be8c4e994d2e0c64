"""A question asked through ``prepared`` answers as the same question asked plainly."""

import datetime as dt
import uuid

import pytest
from django.db import DatabaseError, OperationalError, connection, transaction
from django.test.utils import CaptureQueriesContext

from accounts.models import Appointment, User
from intervision.prepared import Question, Statement
from tests.cut_connection import end_connection
from tests.factories.accounts import AppointmentFactory, UserFactory

pytestmark = pytest.mark.django_db

DAY = dt.date(2026, 11, 22)


def test_a_question_gives_rows_with_relations_and_annotations():
    held = Question(
        lambda day, who: (
            Appointment.objects.current(day).filter(user=who).select_related("user", "institution")
        ),
        dt.date,
        uuid.UUID,
    )
    one, other = AppointmentFactory(from_on=DAY), AppointmentFactory(from_on=DAY)
    for appointment in (one, other, one):
        assert held.rows(DAY, appointment.user_id) == [appointment]
        with CaptureQueriesContext(connection) as queries:
            (found,) = held.rows(DAY, appointment.user_id)
            assert (found.user, found.institution) == (appointment.user, appointment.institution)
        assert len(queries) == 1
    assert held.rows(DAY - dt.timedelta(1), one.user_id) == []


def test_a_question_gives_plain_values_and_keeps_signs_of_its_own():
    named = Question(
        lambda name: User.objects.filter(name=name).exclude(name="50% $1").values_list("email"), str
    )
    user = UserFactory(name="Robert'); drop table accounts_user; -- %s $1")
    UserFactory(name="50% $1")

    assert named.rows(user.name) == [(user.email,)]
    assert named.rows("50% $1") == []


def test_a_statement_takes_values_by_name_lists_too_and_null_for_what_is_not_given():
    people = Statement(
        "select name from accounts_user where id = any(%(ids)s) and (%(name)s is null or name = %(name)s)"
        " and name not like '%%nobody' order by name",
        ids=list[uuid.UUID],
        name=str,
    )
    users = [UserFactory(name=name) for name in ("Aiza", "Bram", "nobody")]

    for _again in range(7):
        assert people.rows(ids=[user.pk for user in users]) == [("Aiza",), ("Bram",)]
        assert people.rows(ids=[user.pk for user in users], name="Bram") == [("Bram",)]
        assert people.rows(ids=[]) == []


def test_a_statement_that_failed_at_first_is_asked_anew():
    divided = Statement("select 1 / length(%(word)s)", word=str)

    with pytest.raises(DatabaseError), transaction.atomic():
        divided.rows(word="")

    assert divided.rows(word="a") == divided.rows(word="b") == [(1,)]


@pytest.mark.django_db(transaction=True)
def test_a_statement_is_prepared_again_on_a_new_connection():
    one = Statement("select 1")
    assert one.rows() == one.rows() == [(1,)]

    connection.close()

    assert one.rows() == one.rows() == [(1,)]


@pytest.mark.django_db(transaction=True)
def test_a_connection_that_died_since_the_last_request_is_opened_again():
    one = Statement("select 1")
    assert one.rows() == [(1,)]
    end_connection()
    connection.close_if_unusable_or_obsolete()

    with CaptureQueriesContext(connection) as queries:
        assert one.rows() == one.rows() == [(1,)]
    assert not any(query["sql"] == "SELECT 1" for query in queries)


@pytest.mark.django_db(transaction=True)
def test_a_connection_that_dies_while_a_request_is_answered_is_said():
    one = Statement("select 1")
    connection.close_if_unusable_or_obsolete()
    assert one.rows() == [(1,)]
    end_connection()

    with pytest.raises(OperationalError):
        one.rows()
    connection.close()


@pytest.mark.django_db(transaction=True)
def test_a_connection_keeps_the_plan_of_what_it_asks():
    connection.close()
    assert Statement("select 1").rows() == [(1,)]

    with connection.cursor() as cursor:
        cursor.execute("show plan_cache_mode")
        assert cursor.fetchone() == ("force_generic_plan",)
