from django.urls import URLPattern, path

from sessions.views import intakes

urlpatterns: list[URLPattern] = [
    path("intakes/<uuid:pk>/", intakes.intake_outcome, name="intake-outcome"),
]
