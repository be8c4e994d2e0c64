"""What fits: groups, dates and intake times."""

from planning.urls import dates, groups, intakes, running

app_name = "planning"
urlpatterns = [*groups.urlpatterns, *dates.urlpatterns, *intakes.urlpatterns, *running.urlpatterns]
