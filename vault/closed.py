"""What a page answers while its texts cannot be opened."""

import logging
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from vault.errors import CannotOpen

log = logging.getLogger(__name__)


def says_closed(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Answer 503 in words where a sealed text of the page cannot be opened; everything else goes on."""

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except CannotOpen as error:
            log.error("sealed text not opened: %s", error.why)
            return render(request, "vault/closed.html", status=503)

    return answer
