"""Another site can make a browser send a form, but not with the token that every form of ours has."""

import pytest
from django.test import Client
from django.urls import reverse

from tests.access.table import rows
from tests.access.world import House

pytestmark = pytest.mark.django_db
#: Where the hospital's own sign-in sends a form to us: what it brings is signed.
BY_THE_HOSPITAL = {"saml_acs"}


def test_nothing_is_sent_without_the_token_of_ones_own_page():
    house, taken = House(), set()
    for row in rows():
        client = Client(enforce_csrf_checks=True)
        client.force_login(getattr(house, row.by))
        address = reverse(row.name, kwargs=row.at(house))
        for token in ({}, {"csrfmiddlewaretoken": "x" * 64}):
            if client.post(address, row.data(house) | token).status_code != 403:
                taken.add(row.name)

    assert taken == BY_THE_HOSPITAL
