"""One module for each noun."""

from sessions.urls import intakes, sessions

app_name = "sessions"
urlpatterns = [*intakes.urlpatterns, *sessions.urlpatterns]
