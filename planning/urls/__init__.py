"""What fits: groups, dates and intake times."""

from planning.urls import groups, intakes

app_name = "planning"
urlpatterns = [*groups.urlpatterns, *intakes.urlpatterns]
