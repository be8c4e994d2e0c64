"""One module for each noun."""

from sessions.urls import intakes, outgoing, sessions

app_name = "sessions"
urlpatterns = [*intakes.urlpatterns, *outgoing.urlpatterns, *sessions.urlpatterns]
