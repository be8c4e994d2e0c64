"""What fits: groups and dates."""

from planning.urls import groups

app_name = "planning"
urlpatterns = [*groups.urlpatterns]
