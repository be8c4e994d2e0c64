"""A server outside that answers nonsense: whoever asks it meets one kind of error, and the page goes on."""

import socket
import threading
from contextlib import suppress

import pytest

from accounts.fetching import fetch
from accounts.passwords import leaked

CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n"
BROKEN = {
    "no status line": b"nonsense\r\n\r\n",
    "nothing": b"",
    "too long a header": b"HTTP/1.1 200 OK\r\nX: " + b"a" * 70_000 + b"\r\n\r\n",
    "a chunk without a size": CHUNKED + b"nonsense\r\nabc\r\n",
    "a chunk that breaks off": CHUNKED + b"ff\r\nabc",
    "a body that breaks off": b"HTTP/1.1 200 OK\r\nContent-Length: 5000\r\nConnection: close\r\n\r\nABC:1",
}
WHOLE = {
    "of a length": b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: close\r\n\r\nABC:1",
    "in chunks": CHUNKED + b"5\r\nABC:1\r\n0\r\n\r\n",
    "until the end": b"HTTP/1.0 200 OK\r\n\r\nABC:1",
}


def answers(listening, said):
    connection, _address = listening.accept()
    with connection, suppress(ConnectionError):  # who asked may hang up first
        connection.recv(65_536)
        connection.sendall(said)
        connection.shutdown(socket.SHUT_WR)
        while connection.recv(65_536):
            pass


@pytest.fixture
def address(request):
    """Of a server of our own that says, once, what the test names."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=answers, args=(listening, request.param), daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}/"
        thread.join(5)


@pytest.mark.parametrize("address", BROKEN.values(), ids=BROKEN.keys(), indirect=True)
def test_an_answer_that_is_none_or_breaks_off_is_an_error_like_no_answer(address):
    with pytest.raises(OSError, match=r"the answer|Remote end"):
        fetch(address, within=5, most=200_000)


@pytest.mark.parametrize("address", [BROKEN["no status line"]], ids=["nonsense"], indirect=True)
def test_a_list_of_leaks_that_answers_nonsense_refuses_nobody(address, settings):
    settings.BREACHED_PASSWORDS_URL = address

    assert leaked("ABCDE") == set()


@pytest.mark.parametrize("address", WHOLE.values(), ids=WHOLE.keys(), indirect=True)
def test_a_whole_answer_is_given_however_its_end_is_told(address):
    assert fetch(address, within=5, most=200_000) == b"ABC:1"
