"""No line of the log holds a word that anybody typed, sent or is called, whatever goes wrong."""

import io
import json
import logging
import uuid

import pytest
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import include, path

from intervision import logs
from tests.access.test_access import signed_in
from tests.access.world import House

pytestmark = pytest.mark.django_db
CANARY = "Kanarie7731"


@login_not_required
def fail(request: HttpRequest) -> HttpResponse:
    raise ValueError(f"cannot read {request.POST['said']}")


urlpatterns = [path(f"{CANARY}/fails/", fail), path("", include("intervision.urls"))]
handler400, handler500 = "intervision.errors.bad_request", "intervision.errors.server_error"
handler403, handler404 = "intervision.errors.forbidden", "intervision.errors.not_found"


@pytest.fixture
def lines():
    """All that is logged, as it would be written, down to the least important."""
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(logs.JsonFormatter())
    root, django = logging.getLogger(), logging.getLogger("django")
    before = root.level, django.level
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    django.setLevel(logging.INFO)
    yield written
    root.removeHandler(handler)
    root.setLevel(before[0])
    django.setLevel(before[1])


def client_of(house: House) -> Client:
    client = signed_in(house.coordinator)
    client.raise_request_exception = False
    return client


@pytest.mark.urls(__name__)
def test_no_fault_brings_anybodys_words_into_the_log(lines):
    house = House()
    house.coordinator.name = CANARY
    house.coordinator.save()
    client = client_of(house)
    contact = f"/institution/{house.institution.slug}/contacts/new/"
    asked = {
        "typed and stored": client.post(
            contact,
            {"kind": "talk", "label_en": CANARY, "label_nl": CANARY, "phone": "0123456"},
        ),
        "typed and refused": client.post(contact, {"kind": "talk", "label_en": CANARY, "phone": CANARY}),
        "an exception": client.post(f"/{CANARY}/fails/?q={CANARY}", {"said": CANARY}),
        "a NUL byte": client.post(contact, {"label_en": f"{CANARY}\0"}),
        "too many fields": client.post(contact, {f"{CANARY}{number}": CANARY for number in range(10_000)}),
        "a foreign page": client.get(f"/programs/{uuid.uuid4()}/?q={CANARY}"),
        "no such page": client.get(f"/{CANARY}/?q={CANARY}"),
        "the wrong role": signed_in(house.intervisor).get(contact, {"q": CANARY}),
        "no token": Client(enforce_csrf_checks=True).post("/accounts/login/", {"login": CANARY}),
        "a wrong password": Client().post(
            "/accounts/login/", {"login": f"{CANARY}@example.org", "password": CANARY}
        ),
        "a foreign host": client.get("/", HTTP_HOST=f"{CANARY}.example"),
        "a made-up link": client.get(f"/link/{CANARY}/"),
        "a broken form": client.generic(
            "POST", contact, f"--{CANARY}", content_type=f"multipart/form-data; boundary={CANARY}"
        ),
    }

    assert {what: answer.status_code for what, answer in asked.items()} == {
        "typed and stored": 302,
        "typed and refused": 422,
        "an exception": 500,
        "a NUL byte": 400,
        "too many fields": 400,
        "a foreign page": 404,
        "no such page": 404,
        "the wrong role": 403,
        "no token": 403,
        "a wrong password": 200,
        "a foreign host": 400,
        "a made-up link": 410,
        "a broken form": 200,
    }
    written = lines.getvalue()
    assert len(written.splitlines()) >= len(asked)
    assert CANARY.lower() not in written.lower().replace(f"{CANARY.lower()}/fails/", "")
    assert "ValueError" in written


def test_every_line_of_a_request_carries_its_id_and_the_answer_does_too(lines):
    given = uuid.uuid4().hex

    answer = Client().get("/nothing/", headers={"X-Request-ID": given})

    assert answer["X-Request-ID"] == given
    assert {json.loads(line)["id"] for line in lines.getvalue().splitlines()} == {given}


def test_a_line_of_ours_says_what_it_is_about_and_a_line_of_others_only_its_own_words(lines):
    logging.getLogger("desk.actions.purging").warning("purge failed", extra={"room": "outbox"})
    logging.getLogger("django.request").error("%s: %s", CANARY, CANARY, extra={"said": CANARY})

    ours, others = (json.loads(line) for line in lines.getvalue().splitlines())
    assert (ours["says"], ours["room"]) == ("purge failed", "outbox")
    assert set(others) - {"id"} == {"at", "level", "from", "says"}


@pytest.mark.parametrize("given", [CANARY, "jan@example.org", "a" * 37, "ab", "abcdef12\u0440"])
def test_an_id_that_could_be_words_is_not_taken_over(given):
    answer = Client().get("/healthz", headers={"X-Request-ID": given})

    assert answer["X-Request-ID"] != given
    assert len(answer["X-Request-ID"]) == 12


@pytest.mark.parametrize("count", [5001, 10_000])
def test_too_many_fields_get_a_page_and_change_nothing(count):
    house = House()
    many = {f"f{number}": "x" for number in range(count)}

    answer = client_of(house).post(f"/institution/{house.institution.slug}/contacts/new/", many)

    assert answer.status_code == 400
    assert b"<h1" in answer.content
    assert house.institution.help_contacts.count() == 0


def test_too_many_questions_in_an_address_get_a_page():
    answer = client_of(House()).get("/programs/", {f"f{number}": "x" for number in range(10_000)})

    assert answer.status_code == 400
    assert b"<h1" in answer.content
