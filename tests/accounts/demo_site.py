"""The addresses of a demonstration, beside those of every installation."""

from django.urls import include, path

from intervision.urls import urlpatterns as always

urlpatterns = [*always, path("demo/", include("accounts.demo_urls"))]
