"""The addresses of a demonstration, beside those of every installation."""

from django.urls import include, path

from intervision.urls import urlpatterns as always

urlpatterns = [
    *always,
    path("demo/mail/", include("outbox.demo_urls")),
    path("demo/clock/", include("desk.demo_urls")),
    path("demo/", include("accounts.demo_urls")),
]
