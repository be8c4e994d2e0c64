import pytest
from django.urls import reverse

from tests.access.test_access import signed_in
from tests.factories.accounts import UserFactory


@pytest.mark.django_db
def test_an_address_longer_than_one_can_be_is_refused():
    client = signed_in(UserFactory())

    answer = client.post(reverse("account_email"), {"action_add": "", "email": "x" * 300 + "@example.org"})

    assert b"254" in answer.content
