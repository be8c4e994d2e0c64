"""The first page of a long list is what was read; of the others each is asked for."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Institution
from intervision.paging import page_of
from tests.factories.accounts import InstitutionFactory

pytestmark = pytest.mark.django_db


def paged(number):
    for nth in range(5):
        InstitutionFactory(name=f"House {nth}")
    everything = Institution.objects.order_by("name")
    first = list(everything[:3])
    with CaptureQueriesContext(connection) as queries:
        page = page_of(first, 2, number, lambda: everything)
        shown = [house.name for house in page]
        assert page.paginator.num_pages == 3
    return shown, len(queries)


@pytest.mark.parametrize("number", [None, "1"])
def test_the_first_page_is_what_was_read(number):
    assert paged(number) == (["House 0", "House 1"], 1)


@pytest.mark.parametrize(("number", "shown"), [("2", ["House 2", "House 3"]), ("9", ["House 4"])])
def test_another_page_is_asked_for(number, shown):
    assert paged(number) == (shown, 2)
