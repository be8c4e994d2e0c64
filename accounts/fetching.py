"""Asking a server outside for a small document, of which we are told the address and nothing else."""

import time
from collections.abc import Mapping
from http.client import HTTPException, HTTPResponse
from types import MappingProxyType
from urllib import request

#: A redirect is an answer like any other error: it could lead to a page without TLS, or into the house's own network.
FOLLOWS_NOTHING = (
    request.ProxyHandler,
    request.HTTPHandler,
    request.HTTPSHandler,
    request.HTTPErrorProcessor,
    request.HTTPDefaultErrorHandler,
)
PIECE = 64 * 1024
NO_HEADERS: Mapping[str, str] = MappingProxyType({})


def fetch(address: str, *, within: float, most: int, headers: Mapping[str, str] = NO_HEADERS) -> bytes:
    """What ``address`` answers, in at most ``most`` bytes and ``within`` seconds. Raises OSError for anything else."""
    ends, asked = time.monotonic() + within, request.Request(address, headers=dict(headers))  # noqa: S310
    try:
        with opener().open(asked, timeout=within) as answer:
            return whole(answer, ends=ends, most=most)
    except HTTPException as error:
        raise OSError("the answer is no answer") from error


def whole(answer: HTTPResponse, *, ends: float, most: int) -> bytes:
    body, promised = b"", answer.length
    while piece := answer.read1(PIECE):
        body += piece
        if len(body) > most:
            raise OSError("the answer is too long")
        if time.monotonic() > ends:
            raise TimeoutError("the answer takes too long")
    if promised is not None and len(body) < promised:
        raise OSError("the answer breaks off")
    return body


def opener() -> request.OpenerDirector:
    """Made anew each time, as it reads then which certificates and which proxy this machine trusts."""
    made = request.OpenerDirector()
    for handler in FOLLOWS_NOTHING:
        made.add_handler(handler())
    return made
