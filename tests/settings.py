"""The real settings on engines of the tests' own.

An outside DATABASE_URL is ignored: tests empty what they use.
"""

import os

from tests import engines

for name in (
    "DATABASE_URL",
    "DATABASE_OWNER_URL",
    "REDIS_URL",
    "EMAIL_URL",
    "DEMO",
    "DEBUG",
    "SECRET_KEY",
    "INTERVISION_KEKS",
):
    os.environ.pop(name, None)
os.environ["VAR_DIR"] = str(engines.folder())
os.environ["HTTPS"] = "0"
os.environ.setdefault("LOG_LEVEL", "CRITICAL")

from intervision.settings import *  # noqa: E402,F403

PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.MD5PasswordHasher"
]  # fast; nobody's password is in the tests
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_AUTOREFRESH = WHITENOISE_USE_FINDERS = True
DATABASES["default"]["CONN_MAX_AGE"] = 0  # noqa: F405
