"""Pages of a list whose first rows were read already: most lists fit on one, and counting them is a question more."""

from collections.abc import Callable, Sequence
from typing import Any

from django.core.paginator import Page, Paginator


def page_of(
    first: Sequence[Any], per_page: int, number: str | None, all_rows: Callable[[], Any]
) -> Page[Any]:
    """``first`` are the first rows, one more than ``per_page`` where there are as many."""
    if len(first) <= per_page:
        return Paginator(first, per_page).get_page(1)
    pages = Paginator(all_rows(), per_page)
    return pages.get_page(number) if number not in (None, "1") else Page(first[:per_page], 1, pages)
