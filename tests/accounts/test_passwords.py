import hashlib
import threading
import time
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from django.contrib.auth.password_validation import password_validators_help_texts, validate_password
from django.core.exceptions import ValidationError

from accounts.forms.resetting import LASTS
from tests.accounts.test_second_factor import PASSWORD, signs_in, with_app, with_password
from tests.factories.accounts import UserFactory

pytestmark = pytest.mark.django_db


def refused(password, user=None):
    try:
        validate_password(password, user)
    except ValidationError as error:
        return error.messages
    return []


def test_fifteen_characters_alone_and_eight_beside_a_second_factor():
    alone, both = UserFactory(), UserFactory()
    with_app(both)

    assert refused("vier koe ien ja", alone) == []
    assert refused("vier koeien ja", alone) == ["Use at least 15 characters."]
    assert refused("vier koe", both) == []
    assert refused("vierkoe", both) == ["Use at least 8 characters."]


def test_every_line_of_advice_says_something():
    assert all(password_validators_help_texts())


@pytest.mark.parametrize(
    "password", ["correct horse battery staple", "twaalf groene fietsen", "ßßß ελληνικά éèê"]
)
def test_no_rule_asks_for_signs_or_capitals(password):
    assert refused(password) == []


@pytest.mark.parametrize(
    "password",
    [
        "1q2w3e4r5t6y7u8i9o0p",  # in the list
        "passwordpassword",
        "PasswordPassword2026!",
        "123123123123123123",
        "aaaaaaaaaaaaaaaaaaaa",
        "abababababababab",
        "welcome1234567890",
        "                    ",
    ],
)
def test_what_is_tried_first_is_refused_however_it_is_made_longer(password):
    assert refused(password) == ["Many people use this password, so it is tried first."]


def test_ones_own_name_and_address_are_refused():
    assert refused("annemarie de vries", UserFactory(name="Annemarie de Vries"))


@pytest.fixture
def list_of_leaks(settings):
    """A server of our own that answers like the one in the world, and notes what it was asked."""
    asked = []
    leaked = hashlib.sha1(b"leaked at another site").hexdigest().upper()

    class Answers(BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            if self.path.startswith("/moved/"):
                self.send_response(301)
                self.send_header("Location", self.path.replace("moved", "range"))
                self.end_headers()
                return
            self.send_response(200)
            self.end_headers()
            padding = hashlib.sha1(b"not leaked, padding").hexdigest().upper()
            self.wfile.write(f"{leaked[5:]}:12\r\n{padding[5:]}:0\r\n".encode())

        def log_message(self, *args):
            pass

    server = HTTPServer(("127.0.0.1", 0), Answers)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    settings.BREACHED_PASSWORDS_URL = f"http://127.0.0.1:{server.server_port}/range/"
    yield asked
    server.shutdown()
    server.server_close()


def test_a_leaked_password_is_refused_and_only_five_digits_leave(list_of_leaks):
    assert refused("leaked at another site") == ["This password has leaked at another site."]
    assert refused("not leaked, padding") == []
    assert refused("nobody else has this") == []

    assert [len(path) for path in list_of_leaks] == [len("/range/12345")] * 3


def test_a_list_that_sends_us_elsewhere_is_not_followed(list_of_leaks, settings):
    settings.BREACHED_PASSWORDS_URL = settings.BREACHED_PASSWORDS_URL.replace("/range/", "/moved/")

    assert refused("leaked at another site") == []
    assert len(list_of_leaks) == 1


def test_a_list_that_does_not_answer_refuses_nobody(settings):
    settings.BREACHED_PASSWORDS_URL = "http://127.0.0.1:9/"

    assert refused("leaked at another site") == []


def test_without_the_switch_nothing_leaves(settings):
    assert settings.BREACHED_PASSWORDS_URL == ""


def test_a_wrong_password_and_an_unknown_address_are_answered_alike(client):
    known = with_password(UserFactory())
    wrong = signs_in(client, known, "a wrong password here")
    known.email = "nobody@example.org"

    unknown = signs_in(client, known, "a wrong password here")

    assert (wrong.status_code, unknown.status_code) == (200, 200)
    assert said_by(wrong) == said_by(unknown).replace(
        "nobody@example.org", wrong.context["form"]["login"].value()
    )


def said_by(answer):
    """The page without its token."""
    page = answer.content.decode()
    return page.replace(page.partition('csrfmiddlewaretoken" value="')[2].partition('"')[0], "")


@pytest.mark.parametrize("path", ["/accounts/password/reset/", "/accounts/signup/"])
def test_a_reset_and_a_sign_up_are_answered_alike(client, path):
    known = with_password(UserFactory())

    answers = [client.post(path, {"email": email}) for email in (known.email, "nobody@example.org")]

    assert answers[0].status_code == answers[1].status_code
    assert answers[0].headers.get("Location") == answers[1].headers.get("Location")
    assert said_by(answers[0]) == said_by(answers[1])


@pytest.mark.parametrize("known", [True, False])
def test_a_reset_lasts_no_shorter_for_an_address_that_nobody_has(client, known):
    email = with_password(UserFactory()).email if known else "nobody@example.org"
    began = time.monotonic()

    client.post("/accounts/password/reset/", {"email": email})

    assert time.monotonic() - began >= LASTS


def test_as_much_is_hashed_for_an_unknown_address_as_for_a_known_one(client, settings):
    settings.PASSWORD_HASHERS = ["tests.accounts.counting.CountingHasher"]
    from tests.accounts.counting import CountingHasher

    known = with_password(UserFactory())
    work = []
    for email in (known.email, "nobody@example.org"):
        CountingHasher.hashed = 0
        client.post("/accounts/login/", {"login": email, "password": "a wrong password here"})
        work.append(CountingHasher.hashed)

    assert work == [1, 1]


def test_guessing_at_one_person_stops_and_the_right_password_then_waits_too(client):
    user = with_password(UserFactory())
    for _ in range(5):
        assert "Too many" not in signs_in(client, user, "a wrong password here").content.decode()

    answer = signs_in(client, user)

    assert answer.status_code == 200
    assert "Too many" in answer.content.decode()


def test_the_second_step_cannot_be_guessed_at(client):
    user = with_password(UserFactory())
    with_app(user)
    signs_in(client, user, PASSWORD)
    said = [
        client.post("/accounts/2fa/authenticate/", {"code": f"{n:06}"}).content.decode() for n in range(8)
    ]

    assert "Too many" in said[-1]
