import pytest
from django.test import Client
from django.urls import reverse

BROKEN = [
    "9" * 5000,
    "[" * 100_000,
    "null",
    "[]",
    "1",
    "{}",
    '{"id": 1}',
    '{"id": "\\ud800"}',
    '{"response": [1]}',
]


@pytest.mark.django_db
@pytest.mark.parametrize("credential", BROKEN, ids=lambda text: text[:16])
def test_what_is_no_passkey_leads_back_to_signing_in(credential):
    answer = Client().post(reverse("mfa_login_webauthn"), {"credential": credential})

    assert answer.status_code == 302
    assert answer["Location"] == reverse("account_login")
