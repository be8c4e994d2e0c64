from django.urls import URLPattern, path

from planning.views import intakes as views

urlpatterns: list[URLPattern] = [
    path("<uuid:pk>/intakes/<uuid:guide_pk>/", views.offer_times, name="offer-times"),
    path("<uuid:pk>/intakes/reserve/", views.reserve_all, name="reserve-intakes"),
]
