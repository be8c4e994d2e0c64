"""Pages of a demonstration. Included only when DEMO is on."""

from django.urls import path

from desk.views import clock

app_name = "clock"
urlpatterns = [path("", clock.move, name="move")]
