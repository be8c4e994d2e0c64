"""One module for each noun."""

from sessions.urls import intakes

app_name = "sessions"
urlpatterns = [*intakes.urlpatterns]
