"""Every setting, read from the environment once. docs/operations.md has the table of variables.

Without DATABASE_URL and REDIS_URL the engines of this checkout are used (intervision/embedded); ``make run``
leaves its choices in var/env, so that any command typed in the checkout speaks to the same demonstration.
"""

from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

import environ
import pghistory
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _
from psycopg2.extensions import ISOLATION_LEVEL_READ_COMMITTED

from intervision import hospital
from intervision.embedded import places, secret

BASE_DIR = Path(__file__).resolve().parent.parent

env = environ.Env()
VAR = env.path("VAR_DIR", default=str(BASE_DIR / "var"))
PLACE = places.Place(Path(VAR))
EMBEDDED_DATABASE = "DATABASE_URL" not in env.ENVIRON
EMBEDDED_BROKER = "REDIS_URL" not in env.ENVIRON
if EMBEDDED_DATABASE and (PLACE.var / "env").exists():
    env.read_env(str(PLACE.var / "env"))

# Who was erased, by id: outside the database, so that restoring a backup erases them again.
ERASURE_JOURNAL = Path(env.path("ERASURE_JOURNAL", default=str(PLACE.var / "erasures.jsonl")))
# What backups are encrypted with; an engine of this checkout makes one when it is needed.
BACKUP_KEY = env.str("BACKUP_KEY", default="")
# The folder of pg_dump and pg_restore, where those of the wheel do not fit the server.
PG_PROGRAMS = env.str("PG_PROGRAMS", default="")

DEMO = env.bool("DEMO", default=False)
# What an empty demonstration is filled with: small, hospital or region.
DEMO_SIZE = env.str("DEMO_SIZE", default="small")
DEBUG = env.bool("DEBUG", default=False)
HTTPS = env.bool("HTTPS", default=not (DEMO or DEBUG))
SECRET_KEY = env.str("SECRET_KEY", default="")
if not SECRET_KEY and EMBEDDED_DATABASE:
    SECRET_KEY = secret.kept_in(PLACE.var / "secret-key")
if not SECRET_KEY:
    raise ImproperlyConfigured("SECRET_KEY is not set")
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
# The keys of sealed texts, newest first. Without them planning goes on and no text opens, so nothing is refused here.
INTERVISION_KEKS = env.str("INTERVISION_KEKS", default="")
if not INTERVISION_KEKS and EMBEDDED_DATABASE:
    INTERVISION_KEKS = secret.kept_in(PLACE.var / "keks", secret.named_key)

# Where people reach it.
BASE_URL = env.str("BASE_URL", default="http://127.0.0.1:8000").rstrip("/")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["127.0.0.1", "localhost", "[::1]"])
BEHIND_PROXY = env.bool("BEHIND_PROXY", default=False)
# Who asks, for rate limits: the last address that so many proxies of ours have written down.
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("PROXIES", default=1 if BEHIND_PROXY else 0)
if BEHIND_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.contrib.postgres",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.socialaccount.providers.saml",
    "django_htmx",
    "csp",
    "pgtrigger",
    "pghistory",
    "intervision",
    "catalogue",
    "vault",
    "outbox",
    "accounts",
    "programs",
    "sessions.apps.SessionsConfig",
    "concerns",
    "planning",
    "surveys",
    "checklist",
    "desk",
]
MIDDLEWARE = [
    "intervision.middleware.name_request",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "intervision.middleware.answer_head",
    "csp.middleware.CSPMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "intervision.middleware.protect",
    "intervision.middleware.refuse_unreadable",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "intervision.middleware.end_old_sessions",
    "accounts.middleware.lead_htmx_to_sign_in",
    "accounts.middleware.KnowPerson",
    "accounts.middleware.KeepWhatWasTyped",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "accounts.middleware.RequireSecondFactor",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "intervision.middleware.read_clock",
    "intervision.middleware.RefuseNulBytes",
    "intervision.middleware.NoteWhoChanges",
]
ROOT_URLCONF = "intervision.urls"
WSGI_APPLICATION = "intervision.wsgi.application"
CSRF_FAILURE_VIEW = "intervision.errors.csrf_failure"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "intervision.context.page",
                "accounts.context.page",
                "desk.context.page",
            ]
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

# Data. The application's role may read and change rows; only the owner, used by migrate, may change tables.
if EMBEDDED_DATABASE:
    DATABASE: dict[str, Any] = {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": places.DATABASE,
        "USER": places.APPLICATION,
        "HOST": str(PLACE.sockets),
    }
    DATABASE_OWNER: dict[str, str] | None = {"USER": places.OWNER, "PASSWORD": ""}
else:
    DATABASE = env.db("DATABASE_URL")
    DATABASE_OWNER = env.db("DATABASE_OWNER_URL") if env.str("DATABASE_OWNER_URL", default="") else None
DATABASES = {
    "default": DATABASE
    | {
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        # The guards in the database hold at READ COMMITTED only: each statement must see fresh rows.
        "OPTIONS": DATABASE.get("OPTIONS", {})
        | {"isolation_level": ISOLATION_LEVEL_READ_COMMITTED, "connect_timeout": 3},
    }
}
# What changed in a planning is written by triggers; an index on every column would slow an import of people.
PGHISTORY_CREATED_AT_FUNCTION = "CLOCK_TIMESTAMP()"  # tells what came first within one transaction
PGHISTORY_FIELD = pghistory.Field(db_index=False)
PGHISTORY_FOREIGN_KEY_FIELD = pghistory.ForeignKey(db_index=False)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"  # for packages; our rows have UUIDs
# Rate limits must not fail when the broker is away, so the cache is a table. Beyond so many entries Django throws away
# a third of those that still count, among them who tried a password how often; its own limit is 300.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "cache_entries",
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
}
DATA_UPLOAD_MAX_MEMORY_SIZE = FILE_UPLOAD_MAX_MEMORY_SIZE = 10 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000
DATA_UPLOAD_MAX_NUMBER_FILES = 5

# Signing in.
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["accounts.backends.Backend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("name", "email")},
    },
    {"NAME": "accounts.passwords.LongEnough"},
    {"NAME": "accounts.passwords.NotKnown"},
]
# For example https://api.pwnedpasswords.com/range/ ; without it only the list that comes along is asked.
BREACHED_PASSWORDS_URL = env.str("BREACHED_PASSWORDS_URL", default="")
LOGIN_URL = "demo:sign-in" if DEMO else "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
# A whole house may sit behind one address, and a QR code is scanned by everybody at once.
ACCOUNT_RATE_LIMITS = {"join": "120/m/ip", "interest": "30/m/ip", "ask": "120/m/ip"}
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if HTTPS else "http"
ACCOUNT_FORMS = {"reset_password": "accounts.forms.resetting.AskForPasswordForm"}
MFA_ADAPTER = "accounts.adapter.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_ALLOW_UNVERIFIED_EMAIL = True  # nobody signs up by themselves, so nobody holds another's address
MFA_FORMS = {
    "authenticate": "accounts.forms.factors.SecondStepForm",
    "reauthenticate": "accounts.forms.factors.StillYouForm",
    "activate_totp": "accounts.forms.factors.AddAppForm",
    "login_webauthn": "accounts.forms.passkeys.PasskeyForm",
    "authenticate_webauthn": "accounts.forms.passkeys.SecondStepPasskeyForm",
    "reauthenticate_webauthn": "accounts.forms.passkeys.StillYouPasskeyForm",
    "add_webauthn": "accounts.forms.passkeys.AddPasskeyForm",
    "edit_webauthn": "accounts.forms.passkeys.RenamePasskeyForm",
}
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not HTTPS
MFA_TOTP_TOLERANCE = 1  # the code before, for somebody slow; accounts.forms.factors takes each once
MFA_TOTP_ISSUER = "Intervision"
SESSION_ENGINE = "intervision.session_rows"
# A hospital's own sign-in beside ours. People are known by issuer and subject, never by an e-mail address.
SOCIALACCOUNT_ADAPTER = "accounts.hospital.HospitalAdapter"
SOCIALACCOUNT_PROVIDERS = hospital.read(env)
SOCIALACCOUNT_EMAIL_AUTHENTICATION = SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT = False
SOCIALACCOUNT_AUTO_SIGNUP = SOCIALACCOUNT_STORE_TOKENS = False
SOCIALACCOUNT_EMAIL_VERIFICATION = "none"  # the invitation has proven the address
SOCIALACCOUNT_FORMS = {"disconnect": "accounts.forms.hospital.UnlinkForm"}
SOCIALACCOUNT_UID_MAX_LENGTH = 191
HOSPITAL_SECOND_FACTOR = env.bool("HOSPITAL_SECOND_FACTOR", default=False)
SESSION_COOKIE_AGE = 30 * 60
SESSION_LONGEST = timedelta(hours=12)
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = HTTPS
CSRF_COOKIE_HTTPONLY = LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_AGE = 365 * 24 * 60 * 60
# What was done is told once, by name; in a cookie it would stay behind on a shared machine.
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
if HTTPS:
    SESSION_COOKIE_NAME = "__Host-session"
    CSRF_COOKIE_NAME = "__Host-csrf"
    LANGUAGE_COOKIE_NAME = "__Host-language"
    SECURE_SSL_REDIRECT = env.bool("SSL_REDIRECT", default=True)
    SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
    SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True

# What a browser may do with our pages.
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
X_FRAME_OPTIONS = "DENY"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
# What our pages never use, no script that got into one may use either. The clipboard is for a line to copy,
# a passkey for signing in. Only names that every Chromium knows: of others it complains on each page.
UNUSED = (
    "accelerometer", "autoplay", "browsing-topics", "camera", "display-capture", "encrypted-media",
    "fullscreen", "geolocation", "gyroscope", "hid", "idle-detection", "local-fonts", "magnetometer", "microphone",
    "midi", "payment", "picture-in-picture", "screen-wake-lock", "serial", "storage-access", "usb",
    "window-management", "xr-spatial-tracking",
)  # fmt: skip
PERMISSIONS_POLICY = ", ".join(f"{feature}=()" for feature in UNUSED)
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "manifest-src": ["'self'"],
        "form-action": [
            "'self'",
            *hospital.origins(SOCIALACCOUNT_PROVIDERS),
            *env.list("SIGN_IN_ORIGINS", default=[]),
        ],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
    }
}
STATIC_URL = "/static/"
STATIC_ROOT = PLACE.var / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_ALLOW_ALL_ORIGINS = False

# Words and times.
USE_I18N = USE_TZ = True
#: Of pages that belong to no institution; the demonstration has one, and its clock is on every page.
TIME_ZONE = "Europe/Amsterdam" if DEMO else "UTC"
LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("nl", _("Dutch"))]
LOCALE_PATHS = sorted(path for path in (BASE_DIR / "locale").glob("*") if path.is_dir())

# Mail.
EMAIL_CONFIG = env.email_url("EMAIL_URL") if env.str("EMAIL_URL", default="") else {}
EMAIL_BACKEND = "outbox.smtp.SmtpBackend" if EMAIL_CONFIG else "outbox.mailbox.MailboxBackend"
EMAIL_HOST = EMAIL_CONFIG.get("EMAIL_HOST", "localhost")
EMAIL_PORT = EMAIL_CONFIG.get("EMAIL_PORT", 25)
EMAIL_HOST_USER = EMAIL_CONFIG.get("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = EMAIL_CONFIG.get("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_TLS = EMAIL_CONFIG.get("EMAIL_USE_TLS", False)
EMAIL_USE_SSL = EMAIL_CONFIG.get("EMAIL_USE_SSL", False)
EMAIL_TIMEOUT = 10
EMAIL_FILE_PATH = PLACE.var / "mail"
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.str("FROM_EMAIL", default="Intervision <intervision@localhost>")
# Where answers of people go; without it to the sender.
REPLY_TO_EMAIL = env.str("REPLY_TO_EMAIL", default="")

# Work in the background. Messages carry ids only; a lost one costs a minute, because the tick reads the rows.
CELERY_BROKER_URL = (
    "redis+socket://" + quote(str(PLACE.broker_socket)) if EMBEDDED_BROKER else env.str("REDIS_URL")
)
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_TIMEOUT = 2
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 300,  # longer than any task may run
    "socket_connect_timeout": 1,
    "socket_timeout": 2,
    "max_retries": 1,
}
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_PUBLISH_RETRY = False
CELERY_TASK_SOFT_TIME_LIMIT = 45
CELERY_TASK_TIME_LIMIT = 60
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TIMEZONE = "UTC"
CELERY_BEAT_SCHEDULE_FILENAME = str(PLACE.var / "beat" / "schedule")
CELERY_BEAT_SCHEDULE = {
    "tick": {"task": "outbox.tasks.tick", "schedule": timedelta(seconds=60)},
    "advance programs": {"task": "programs.tasks.advance", "schedule": timedelta(minutes=10)},
    "follow leads": {"task": "programs.tasks.follow_leads", "schedule": timedelta(minutes=10)},
    "sessions": {"task": "sessions.tasks.hourly", "schedule": timedelta(hours=1)},
    "ask questions": {"task": "checklist.tasks.ask_due", "schedule": timedelta(minutes=5)},
    "keep scores": {"task": "checklist.tasks.keep_scores", "schedule": timedelta(seconds=60)},
    "close questions": {"task": "surveys.tasks.close_due", "schedule": timedelta(minutes=5)},
    "renew offers of seats": {"task": "programs.tasks.renew_offers", "schedule": timedelta(minutes=5)},
    "check independence": {"task": "programs.tasks.check_independence", "schedule": timedelta(days=1)},
    "follow reports": {"task": "concerns.tasks.every_night", "schedule": timedelta(days=1)},
    "offer texts": {"task": "desk.tasks.offer_texts", "schedule": timedelta(hours=1)},
    "purge": {"task": "desk.tasks.purge", "schedule": timedelta(days=1)},
    "purge sessions": {"task": "accounts.tasks.purge", "schedule": timedelta(days=1)},
}
# Long work with progress has a queue and a worker of its own, so that messages never wait behind it.
CELERY_TASK_ROUTES = {
    "outbox.tasks.run_job": {"queue": "long"},
    "desk.tasks.offer_texts": {"queue": "long"},
    "desk.tasks.purge": {"queue": "long"},
    "checklist.tasks.keep_scores": {"queue": "long"},
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "intervision.logs.JsonFormatter"}},
    "handlers": {"lines": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["lines"], "level": env.str("LOG_LEVEL", default="INFO")},
    "loggers": {
        "django": {"handlers": [], "propagate": True, "level": "ERROR"},
        "celery": {"level": "WARNING"},
        "kombu": {"level": "WARNING"},
    },
}
SILENCED_SYSTEM_CHECKS: list[str] = []
