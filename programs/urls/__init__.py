"""One module for each noun; a URL is found by its first words."""

from programs.urls import groups, intakes, joining, own_texts, people, running, setup, taking_part

app_name = "programs"
urlpatterns = [
    *taking_part.urlpatterns,  # asked most
    *setup.urlpatterns,
    *people.urlpatterns,
    *groups.urlpatterns,
    *intakes.urlpatterns,
    *joining.urlpatterns,
    *own_texts.urlpatterns,
    *running.urlpatterns,
]
