import pytest
from django.db import ProgrammingError, connection, transaction
from psycopg2.extensions import ISOLATION_LEVEL_READ_COMMITTED


def role(name):
    with connection.cursor() as cursor:
        cursor.execute("select rolsuper, rolcreatedb, rolname from pg_roles where rolname = %s", [name])
        return cursor.fetchone()


@pytest.mark.django_db
def test_the_application_is_neither_superuser_nor_owner_of_any_table():
    with connection.cursor() as cursor:
        cursor.execute("select current_user")
        (user,) = cursor.fetchone()
        cursor.execute(
            "select count(*) from pg_tables where schemaname = 'public' and tableowner = current_user"
        )
        assert cursor.fetchone() == (0,)

    assert role(user) == (False, False, "intervision_app")


@pytest.mark.django_db
@pytest.mark.parametrize(
    "statement",
    [
        "drop table accounts_user",
        "alter table accounts_user add column extra text",
        "create table extra (id int)",
        "delete from django_migrations",
    ],
)
def test_the_application_may_not_change_tables(statement):
    with connection.cursor() as cursor, pytest.raises(ProgrammingError), transaction.atomic():
        cursor.execute(statement)


@pytest.mark.django_db
def test_transactions_are_read_committed_because_the_guards_need_fresh_rows():
    assert connection.settings_dict["OPTIONS"]["isolation_level"] == ISOLATION_LEVEL_READ_COMMITTED
    with connection.cursor() as cursor:
        cursor.execute("show transaction_isolation")
        assert cursor.fetchone() == ("read committed",)
