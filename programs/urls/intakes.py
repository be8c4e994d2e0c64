from django.urls import URLPattern, path

from programs.views import intakes as views

urlpatterns: list[URLPattern] = [
    path("<uuid:pk>/intakes/", views.intakes_step, name="intakes"),
    path("<uuid:pk>/my-intakes/", views.guide_intakes, name="guide-intakes"),
    path("times/<uuid:pk>/withdraw/", views.withdraw_time, name="withdraw-time"),
    path("times/<uuid:pk>/call-off/", views.call_off_time, name="call-off-time"),
    path("times/undo/<uuid:pk>/", views.restore_time, name="restore-time"),
]
