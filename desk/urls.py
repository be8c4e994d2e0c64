from django.urls import path

from desk.views import director, home, programs

app_name = "desk"
urlpatterns = [
    path("", home.home, name="home"),
    path("programs/<uuid:pk>/", programs.program, name="program"),
    path("groups/<uuid:pk>/", programs.group, name="group"),
    path("director/", director.director, name="director"),
]
