"""Looking changes nothing: every page there is, asked for by every visitor, leaves the whole database as it was."""

import pytest
from allauth.account.models import EmailAddress
from django.db import connection

from accounts.models import User
from tests.access.table import rows
from tests.access.test_access import VISITORS, ask
from tests.access.world import House

pytestmark = pytest.mark.django_db
PAGES = [row for row in rows() if row.method == "get"]
#: That somebody is signed in, how often an address asked, and that somebody opened a sealed text of their own: about
#: the asking itself, not about anybody's data. Opening another's text is a button.
OF_THE_ASKING = {"django_session", "cache_entries", "vault_accessevent"}


def digests() -> dict[str, str]:
    """Of each table all its rows, in any order."""
    tables = sorted(set(connection.introspection.table_names()) - OF_THE_ASKING)
    each = ", ".join(
        f"(select md5(coalesce(string_agg(t::text, '|' order by t::text), '')) from {table} t)"
        for table in map(connection.ops.quote_name, tables)
    )
    with connection.cursor() as cursor:
        cursor.execute(f"select {each}")
        return dict(zip(tables, cursor.fetchone(), strict=True))


@pytest.mark.parametrize("row", PAGES, ids=str)
def test_looking_at_a_page_changes_nothing_and_leaves_nothing_behind(row):
    here, there = House(), House()
    visitors = {name: client_of(row, here, there) for name, client_of in VISITORS.items()}
    at = row.at(here)
    for (
        user
    ) in User.objects.all():  # who was invited has this row; who never was gets it on the page of addresses
        EmailAddress.objects.get_or_create(user=user, email=user.email, primary=True, verified=True)
    before = digests()

    for name, client in visitors.items():
        answer = ask(client, row, here, at)
        assert "no-store" in answer["Cache-Control"], name
        assert "camera=()" in answer["Permissions-Policy"], name
        assert answer["Cross-Origin-Opener-Policy"] == "same-origin"
        assert answer["X-Frame-Options"] == "DENY"
        assert "default-src 'none'" in answer["Content-Security-Policy"]
    assert digests() == before
