"""A page is for reading or for acting; nothing is done by the way one only looks."""

import pytest
from django.test import Client
from django.urls import reverse

from tests.access.table import rows
from tests.access.world import House

pytestmark = pytest.mark.django_db
#: Where the pages are that we keep as they come with signing in and with Django.
KEPT = ("account_", "mfa_", "openid_", "saml_", "socialaccount_", "usersessions_", "set_language")
#: A page of ours under a name of theirs.
OURS = {"account_logout"}
#: Asked while a form is being filled in, with what stands in it.
ALSO_SENT = {("checklist:preparation-ring", "GET")}


def test_every_page_answers_the_methods_it_is_for_and_no_other():
    table = [row for row in rows() if row.name in OURS or not row.name.startswith(KEPT)]
    house = House()
    read = {row.name for row in table if row.method == "get"}
    taken = set()
    for row in table:
        client = Client()
        client.force_login(getattr(house, row.by))
        address = reverse(row.name, kwargs=row.at(house))
        answers = {method: client.generic(method, address).status_code for method in ("DELETE", "PUT")}
        if row.name not in read:
            answers["GET"] = client.get(address).status_code
        taken |= {(row.name, method) for method, status in answers.items() if status != 405}

    assert taken == ALSO_SENT
