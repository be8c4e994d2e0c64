"""Coming in by oneself: short addresses, because they stand on paper and in QR codes."""

from django.urls import URLPattern, path

from planning.views import joining

app_name = "joining"
urlpatterns: list[URLPattern] = [
    path("confirm/<str:token>/", joining.confirm, name="confirm"),
    path("places/<uuid:pk>/", joining.my_groups, name="groups"),
    path("places/<uuid:pk>/wait/", joining.wait, name="wait"),
    path("places/<uuid:pk>/stop/", joining.stop_waiting, name="stop-waiting"),
    path("places/<uuid:pk>/offer/", joining.answer_offer, name="offer"),
    path("<str:key>/", joining.program_page, name="program"),
    path("<str:key>/enter/", joining.enter, name="enter"),
    path("<str:key>/sent/", joining.sent, name="sent"),
]
