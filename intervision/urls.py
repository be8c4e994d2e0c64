from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.urls import URLPattern, URLResolver, include, path
from django.views.i18n import set_language

from accounts.views.links import sign_out
from intervision import health, preferences

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("desk.urls")),  # first: what is asked most is found soonest
    path("healthz", health.alive, name="alive"),
    path("readyz", health.ready, name="ready"),
    path("language/", login_not_required(set_language), name="set_language"),
    path("theme/", preferences.set_theme, name="theme"),
    path("accounts/logout/", sign_out, name="account_logout"),
    path("accounts/", include("accounts.guarded_urls")),
    path("accounts/", include("allauth.account.urls")),
    path("accounts/2fa/", include("allauth.mfa.urls")),
    path("accounts/sessions/", include("allauth.usersessions.urls")),
    path("accounts/", include("accounts.hospital_urls")),
    path("programs/", include("programs.urls")),
    path("sessions/", include("sessions.urls")),
    path("concerns/", include("concerns.urls")),
    path("planning/", include("planning.urls")),
    path("answers/", include("surveys.urls")),
    path("checklist/", include("checklist.urls")),
    path("join/", include("planning.urls.joining")),
    path("jobs/", include("outbox.urls")),
    path("", include("accounts.urls")),
]
if settings.DEMO:
    urlpatterns += [
        path("demo/mail/", include("outbox.demo_urls")),
        path("demo/clock/", include("desk.demo_urls")),
        path("demo/", include("accounts.demo_urls")),
    ]

handler400 = "intervision.errors.bad_request"
handler403 = "intervision.errors.forbidden"
handler404 = "intervision.errors.not_found"
handler500 = "intervision.errors.server_error"
