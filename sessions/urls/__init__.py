"""One module for each noun."""

from sessions.urls import intakes, outgoing

app_name = "sessions"
urlpatterns = [*intakes.urlpatterns, *outgoing.urlpatterns]
