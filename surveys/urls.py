"""Questions: answering them, and what was released."""

from django.urls import path

from surveys.views import answering, results

app_name = "surveys"
urlpatterns = [
    path("<uuid:pk>/", answering.answer, name="answer"),
    path("sessions/<uuid:pk>/", answering.show, name="show"),
    path("sessions/<uuid:pk>/code.svg", answering.code, name="code"),
    path("groups/<uuid:pk>/", results.group, name="group"),
    path("programs/<uuid:pk>/", results.program, name="program"),
    path("house/<slug:slug>/", results.house, name="house"),
]
