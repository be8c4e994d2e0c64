"""The post of a demonstration. Included only when DEMO is on: anybody may read it."""

from django.urls import path

from outbox import views

app_name = "mailbox"
urlpatterns = [
    path("", views.letters, name="letters"),
    path("<str:name>/", views.letter, name="letter"),
    path("<str:name>/html/", views.letter_html, name="letter-html"),
]
