"""Questions: answering them, and what was released."""

from django.urls import path

from surveys.views import answering, climate, invited, results

app_name = "surveys"
urlpatterns = [
    path("<uuid:pk>/", answering.answer, name="answer"),
    path("sessions/<uuid:pk>/", answering.show, name="show"),
    path("sessions/<uuid:pk>/code.svg", answering.code, name="code"),
    path("groups/<uuid:pk>/", results.group, name="group"),
    path("programs/<uuid:pk>/", results.program, name="program"),
    path("climate/house/<slug:slug>/", climate.rounds, name="climate"),
    path("climate/house/<slug:slug>/new/", climate.new, name="climate-new"),
    path("climate/<uuid:pk>/", climate.show, name="climate-round"),
    path("climate/<uuid:pk>/withdraw/", climate.withdraw, name="climate-withdraw"),
    path("climate/answer/<str:token>/", invited.answer, name="climate-answer"),
    path("house/<slug:slug>/", results.house, name="house"),
]
