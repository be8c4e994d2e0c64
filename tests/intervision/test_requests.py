"""What holds for every request, whoever asks and whatever they send."""

import json
import logging
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.db import connection
from django.http import HttpResponse, StreamingHttpResponse
from django.test import Client, RequestFactory
from django.urls import get_resolver

from accounts import tasks
from intervision import errors, logs, middleware, wsgi
from intervision.middleware import SEEN_AT, SIGNED_IN_AT
from tests.cut_connection import Cut
from tests.factories.accounts import UserFactory

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
LOGIN = "/accounts/login/"


@pytest.fixture
def visitor():
    return Client(raise_request_exception=False)


def test_a_body_beyond_the_limit_gets_its_own_page_before_it_is_read(visitor):
    response = visitor.generic("POST", LOGIN, b"x", CONTENT_LENGTH=str(10 * 1024 * 1024 + 1))

    assert response.status_code == 413
    assert b"<h1" in response.content


@pytest.mark.parametrize("path", ["/accounts/%00login/", LOGIN + "?next=%00", "/static/%00.css"])
def test_an_address_with_a_nul_byte_is_refused(visitor, path):
    assert visitor.get(path).status_code == 400


@pytest.mark.django_db
@pytest.mark.parametrize("data", [{"login": "a\0b", "password": "x"}, {"lo\0gin": "a"}])
def test_a_form_with_a_nul_byte_is_refused(visitor, data):
    assert visitor.post(LOGIN, data).status_code == 400


@pytest.mark.parametrize("length", ["-1", "seven", "²"])
def test_a_senseless_length_is_refused(visitor, length):
    assert visitor.generic("POST", LOGIN, b"", CONTENT_LENGTH=length).status_code == 400


@pytest.mark.parametrize(
    ("path", "length"), [(LOGIN, str(10 * 1024 * 1024 + 1)), (LOGIN, "seven"), (LOGIN + "?next=%00", "0")]
)
def test_what_is_refused_unread_is_answered_with_the_headers_of_every_page(visitor, path, length):
    response = visitor.generic("POST", path, b"", CONTENT_LENGTH=length)

    assert response.status_code in (400, 413)
    assert "default-src 'none'" in response["Content-Security-Policy"]
    assert response["Cache-Control"] == "no-store"
    assert response["X-Frame-Options"] == "DENY"
    assert response["X-Content-Type-Options"] == "nosniff"


@pytest.mark.django_db
@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("charset", ["hex", "zlib", '"idna"', "unicode_escape", "utf-16", "UTF-8"])
def test_a_sender_does_not_choose_how_a_request_is_read(charset, method):
    kind = f"multipart/form-data; Charset = {charset}; boundary=x"
    environ = RequestFactory().generic(method, LOGIN + "?next=a", b"--x--", CONTENT_TYPE="").environ
    statuses = []

    wsgi.application(environ | {"CONTENT_TYPE": kind}, lambda status, headers: statuses.append(status[:3]))

    assert statuses == [{"GET": "200", "POST": "403"}[method]]


@pytest.mark.django_db
def test_a_cookie_with_a_nul_byte_between_quotes_is_refused(visitor):
    assert visitor.get("/", headers={"cookie": 'sessionid="abcdefgh\\000"'}).status_code == 400


@pytest.mark.django_db
def test_a_page_nobody_has_says_the_same_for_every_address(visitor):
    first, second = visitor.get("/nothing/"), visitor.get("/nothing/else/at/all/")

    assert (first.status_code, second.status_code) == (404, 404)
    assert first.content == second.content


@pytest.mark.django_db(transaction=True)
def test_an_absent_database_is_a_503_in_our_own_house_style(visitor, monkeypatch):
    visitor.cookies["sessionid"] = "a" * 32
    connection.close()
    with monkeypatch.context() as patch:
        patch.setitem(connection.settings_dict, "HOST", "/nowhere")
        response = visitor.get(LOGIN)

    assert response.status_code == 503
    assert response["Retry-After"] == "10"
    assert b"<h1" in response.content


@pytest.mark.django_db(transaction=True)
def test_a_database_that_goes_once_all_is_saved_is_a_503_too_and_no_fault_of_the_visitors(visitor):
    visitor.force_login(UserFactory())
    cut = Cut("django_session", after=False)

    with connection.execute_wrapper(cut):
        response = visitor.get("/")

    assert cut.done
    assert response.status_code == 503


@pytest.mark.django_db
def test_a_session_that_was_ended_while_its_page_was_made_is_no_missing_database(visitor):
    visitor.force_login(UserFactory())

    signed_out = []

    def sign_out_meanwhile(execute, sql, *rest):
        if sql.startswith('UPDATE "django_session"'):
            signed_out.append(Session.objects.all().delete())
        return execute(sql, *rest)

    with connection.execute_wrapper(sign_out_meanwhile):
        response = visitor.get("/")

    assert len(signed_out) == 1
    assert response.status_code == 400


def test_an_unexpected_fault_shows_a_code_and_no_trace():
    logs.cause.set("abc123")
    try:
        raise RuntimeError("a secret")
    except RuntimeError:
        response = errors.server_error(RequestFactory().get("/"))

    assert response.status_code == 500
    assert b"abc123" in response.content
    assert b"a secret" not in response.content


def test_a_log_line_says_where_a_fault_was_and_not_what_was_typed():
    try:
        raise ValueError("jan@example.org")
    except ValueError as fault:
        info = (ValueError, fault, fault.__traceback__)
    path = "/link/the-secret"
    record = logging.LogRecord("django.request", logging.ERROR, "", 1, "Fault: %s", (path,), info)

    line = logs.JsonFormatter().format(record)

    assert json.loads(line)["error"] == "ValueError"
    assert "jan@example.org" not in line
    assert path not in line


@pytest.mark.django_db
def test_no_page_is_kept_by_a_cache_and_none_may_run_foreign_code(visitor):
    response = visitor.get(LOGIN)

    assert "no-store" in response["Cache-Control"]
    assert response["Referrer-Policy"] == "same-origin"
    policy = response["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "http" not in policy


@pytest.mark.django_db
def test_a_sign_in_ends_after_twelve_hours_even_when_it_is_used():
    client, session = Client(), None
    with time_machine.travel(NOON, tick=False) as clock:
        client.force_login(UserFactory())
        for _ in range(48):
            client.get("/healthz")
            session = client.session
            clock.shift(timedelta(minutes=15))
        assert "_auth_user_id" in session
        clock.shift(timedelta(minutes=1))
        client.get("/healthz")

        assert "_auth_user_id" not in client.session


@pytest.mark.django_db
def test_a_sign_in_that_is_not_used_for_half_an_hour_ends():
    client = Client()
    with time_machine.travel(NOON, tick=False) as clock:
        client.force_login(UserFactory())
        client.get("/healthz")
        clock.shift(timedelta(minutes=31))

        assert "_auth_user_id" not in client.session


@pytest.mark.django_db
def test_a_sign_in_in_use_is_written_once_in_five_minutes():
    client = Client()
    with time_machine.travel(NOON, tick=False) as clock:
        client.force_login(UserFactory())
        client.get("/healthz")
        first = client.session[SEEN_AT]
        clock.shift(timedelta(minutes=4))
        client.get("/healthz")
        assert client.session[SEEN_AT] == first
        clock.shift(timedelta(minutes=2))
        client.get("/healthz")

        assert client.session[SEEN_AT] > first
        assert client.session[SIGNED_IN_AT] == first


def test_every_answer_carries_the_id_of_its_log_lines(rf):
    answer = middleware.name_request(lambda request: HttpResponse(logs.cause.get()))

    response = answer(rf.get("/"))

    assert response["X-Request-ID"] == response.content.decode()


@pytest.mark.django_db
def test_the_cache_of_rate_limits_is_in_the_database():
    cache.set("attempts", 3)

    with connection.cursor() as cursor:
        cursor.execute("select count(*) from cache_entries where cache_key like '%attempts'")
        assert cursor.fetchone() == (1,)


@pytest.mark.django_db
def test_nobody_makes_us_forget_what_was_counted_by_having_much_else_counted():
    cache.set("attempts", 3)

    for number in range(400):
        cache.set(f"somebody-else-{number}", 1)

    assert cache.get("attempts") == 3


@pytest.mark.django_db
def test_what_is_counted_no_more_is_deleted():
    cache.set("attempts", 3, timeout=1)
    cache.set("still", 3, timeout=10**6)

    with time_machine.travel(datetime.now(UTC) + timedelta(days=1)):
        tasks.purge()

    with connection.cursor() as cursor:
        cursor.execute("select cache_key from cache_entries")
        assert [key.rpartition(":")[2] for (key,) in cursor.fetchall()] == ["still"]


@pytest.mark.django_db
def test_alive_and_ready_are_open_and_ready_names_what_is_wrong(client):
    assert client.get("/healthz").status_code == 200
    found = client.get("/readyz")
    assert found.json() == {"database": True, "broker": True, "tick": False, "texts": True}
    assert found.status_code == 503


def test_nothing_of_the_demonstration_exists_outside_it():
    assert not [route for route in get_resolver().reverse_dict if "demo" in str(route)]
    assert not any("demo" in str(pattern.pattern) for pattern in get_resolver().url_patterns)


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/", LOGIN, "/security/", "/nowhere/"])
def test_asking_about_a_page_is_answered_as_asking_for_it_without_the_page(visitor, path):
    asked, about = visitor.get(path), visitor.head(path)

    assert about.status_code == asked.status_code
    assert about["Content-Type"] == asked["Content-Type"]
    assert about.content == b""


@pytest.mark.django_db
def test_asking_about_what_only_takes_a_form_is_refused_as_asking_for_it(visitor):
    assert visitor.head("/theme/").status_code == visitor.get("/theme/").status_code == 405


def test_no_body_leaves_when_a_page_is_asked_about_whoever_serves_it():
    seen = []

    def page(request):
        seen.append(request.method)
        return HttpResponse("words")

    def file(request):
        return StreamingHttpResponse([b"words"])

    request = RequestFactory().head("/")
    assert middleware.answer_head(page)(request).content == b""
    assert b"".join(middleware.answer_head(file)(RequestFactory().head("/"))) == b""
    assert (seen, request.method) == (["GET"], "HEAD")
