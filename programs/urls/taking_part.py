from django.urls import URLPattern, path

from programs.views import sign_in
from programs.views import taking_part as views

urlpatterns: list[URLPattern] = [
    path("places/<uuid:pk>/", views.my_place, name="my-place"),
    path("places/<uuid:pk>/accept/", views.accept_place, name="accept-place"),
    path("places/<uuid:pk>/decline/", views.decline_place, name="decline-place"),
    path("places/<uuid:pk>/undo/", views.undo_decline, name="undo-decline"),
    path("places/<uuid:pk>/week/", views.my_week, name="my-week"),
    path("places/<uuid:pk>/time/", views.my_time, name="my-time"),
    path("places/<uuid:pk>/time/calendar/", views.my_time_calendar, name="my-time-calendar"),
    path("places/<uuid:pk>/time/keep/", views.keep_time, name="keep-time"),
    path("places/<uuid:pk>/time/cancel/", views.release_time, name="release-time"),
    path("places/<uuid:pk>/time/wait/", views.wait_for_time, name="wait-for-time"),
    path("places/<uuid:pk>/ground-rules/", views.my_rules, name="my-rules"),
    path("places/<uuid:pk>/sign-in/", sign_in.own_sign_in, name="own-sign-in"),
    path("places/<uuid:pk>/group/", views.my_group, name="my-group"),
]
