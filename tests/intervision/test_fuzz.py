"""Whatever is sent, by whatever hand, is answered with something else than a fault of ours."""

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.factories.accounts import UserFactory

PAGES = ["/", "/accounts/login/", "/accounts/password/reset/", "/language/", "/theme/", "/help/", "/readyz"]
words = st.text(max_size=60)
pairs = st.dictionaries(words, words, max_size=4)
often = settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    derandomize=True,
)


@pytest.fixture
def someone():
    client = Client(raise_request_exception=False)
    client.force_login(UserFactory())
    return client


@pytest.mark.django_db
@often
@given(path=words, query=pairs)
def test_no_address_is_a_fault(someone, path, query):
    assert someone.get("/" + path, query).status_code < 500


@pytest.mark.django_db
@often
@given(page=st.sampled_from(PAGES), query=pairs, form=pairs)
def test_no_form_is_a_fault(someone, page, query, form):
    for client in (Client(raise_request_exception=False), someone):
        assert client.get(page, query).status_code in {200, 302, 400, 404, 405, 503}
        assert client.post(page, form, query_params=query).status_code < 500


@pytest.mark.django_db
@often
@given(
    body=st.binary(max_size=300),
    kind=st.sampled_from(
        ["multipart/form-data; boundary=x", "multipart/form-data", "application/x-www-form-urlencoded", "a/b"]
    ),
    cookie=st.text(st.characters(min_codepoint=33, max_codepoint=126), max_size=60),
)
def test_no_body_and_no_cookie_is_a_fault(body, kind, cookie):
    client = Client(raise_request_exception=False, enforce_csrf_checks=True)
    for name in ("sessionid", "csrftoken", "django_language", "messages", "theme"):
        client.cookies[name] = cookie

    assert client.generic("POST", "/accounts/login/", body, content_type=kind).status_code < 500


def test_a_name_that_is_not_ours_is_refused():
    assert Client(raise_request_exception=False).get("/healthz", HTTP_HOST="evil.example").status_code == 400
