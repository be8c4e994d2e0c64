"""check --deploy passes a real installation and refuses each thing that only an evaluation may have."""

import os
import subprocess
import sys

import pytest

REAL = {
    "SECRET_KEY": "0123456789-0123456789-0123456789-0123456789-abcdefghij",
    "DATABASE_URL": "postgres://app:secret@database.invalid/intervision",
    "DATABASE_OWNER_URL": "postgres://owner:secret@database.invalid/intervision",
    "REDIS_URL": "redis://broker.invalid/0",
    "EMAIL_URL": "smtp+tls://user:secret@mail.invalid:587",
    "BASE_URL": "https://intervision.invalid",
    "ALLOWED_HOSTS": "intervision.invalid",
    "INTERVISION_KEKS": "example:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=",
    "BACKUP_KEY": "0123456789-0123456789-0123456789-abc",
    "DJANGO_SETTINGS_MODULE": "intervision.settings",
}


def manage(*arguments, **changes):
    left_out = {name for name, value in changes.items() if value is None}
    left_out |= {"HTTPS", "VAR_DIR", "DJANGO_ALLOW_ASYNC_UNSAFE"}  # of the tests themselves
    env = {name: value for name, value in (os.environ | REAL | changes).items() if name not in left_out}
    return subprocess.run([sys.executable, "manage.py", *arguments], env=env, capture_output=True, text=True)


def test_a_real_installation_passes():
    found = manage("check", "--deploy", "--fail-level", "WARNING")

    assert found.returncode == 0, found.stderr


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"DEMO": "1"}, "DEMO is on"),
        ({"DEBUG": "1"}, "DEBUG"),
        ({"DATABASE_URL": None}, "DATABASE_URL is not set"),
        ({"DATABASE_OWNER_URL": None}, "DATABASE_OWNER_URL is not set"),
        ({"DATABASE_OWNER_URL": REAL["DATABASE_URL"]}, "the application's own role"),
        ({"REDIS_URL": None}, "REDIS_URL is not set"),
        ({"BACKUP_KEY": None}, "BACKUP_KEY has fewer than 32 characters"),
        ({"BACKUP_KEY": "k" * 31}, "BACKUP_KEY has fewer than 32 characters"),
        ({"EMAIL_URL": None}, "EMAIL_URL is not set"),
        ({"BASE_URL": "http://intervision.invalid"}, "https"),
        ({"SECRET_KEY": None}, "SECRET_KEY is not set"),
        ({"SECRET_KEY": "short"}, "SECRET_KEY"),
        ({"INTERVISION_KEKS": None}, "INTERVISION_KEKS: no key is set"),
        ({"INTERVISION_KEKS": "short:c2hvcnQ="}, "INTERVISION_KEKS: a key is not name:key with 32 bytes"),
        ({"INTERVISION_KEKS": "example"}, "INTERVISION_KEKS: a key is not"),
    ],
)
def test_what_only_an_evaluation_may_have_is_refused(changes, complaint):
    found = manage("check", "--deploy", "--fail-level", "WARNING", **changes)

    assert found.returncode != 0
    assert complaint in found.stderr


def test_cookies_of_a_real_installation_are_bound_to_its_host_and_to_https():
    names = [
        *(
            f"{cookie}_COOKIE_{what}"
            for cookie in ("SESSION", "CSRF", "LANGUAGE")
            for what in ("NAME", "SECURE")
        ),
        "SECURE_HSTS_SECONDS",
    ]
    code = (
        "from django.conf import settings; from intervision.preferences import THEME_COOKIE;"
        f"print(*[getattr(settings, name) for name in {names}], THEME_COOKIE)"
    )

    found = manage("shell", "--no-imports", "-c", code)

    kept = "__Host-session True __Host-csrf True __Host-language True 31536000 __Host-theme"
    assert found.stdout.strip() == kept


@pytest.mark.parametrize(
    ("changes", "proxies"),
    [({}, "0"), ({"BEHIND_PROXY": "1"}, "1"), ({"BEHIND_PROXY": "1", "PROXIES": "2"}, "2")],
)
def test_attempts_are_counted_by_what_ones_own_proxies_wrote_down(changes, proxies):
    code = "from allauth import app_settings; print(app_settings.TRUSTED_PROXY_COUNT)"

    assert manage("shell", "--no-imports", "-c", code, **changes).stdout.strip() == proxies
