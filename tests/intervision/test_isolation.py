"""A test with real commits leaves nothing to the next one, neither rows nor attempts that were counted."""

import pytest
from django.core.cache import cache

from accounts.models import User
from tests.factories.accounts import UserFactory


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("turn", [1, 2])
def test_each_starts_from_nothing(turn):
    assert not User.objects.exists()
    assert cache.get("attempts") is None

    UserFactory()
    cache.set("attempts", turn)
