from django.urls import path

from desk.views import changes, director, erasing, home, opened, own, periods, programs, purges

app_name = "desk"
urlpatterns = [
    path("", home.home, name="home"),
    path("programs/<uuid:pk>/", programs.program, name="program"),
    path("programs/<uuid:pk>/changes/", changes.changes, name="changes"),
    path("groups/<uuid:pk>/", programs.group, name="group"),
    path("my-data/", own.my_data, name="my-data"),
    path("my-data/everything/", own.everything, name="everything"),
    path("my-data/everything.html", own.everything_page, name="everything-page"),
    path("my-data/everything.json", own.everything_json, name="everything-json"),
    path("my-data/erase/", erasing.erase, name="erase"),
    path("my-data/end/<uuid:pk>/", erasing.end_part, name="end-part"),
    path("let-go/", purges.purges, name="purges"),
    path("institution/<slug:slug>/how-long/", periods.how_long, name="how-long"),
    path("institution/<slug:slug>/how-long/shorten/", periods.shorten, name="shorten"),
    path("opened/", opened.opened, name="opened"),
    path("opened.csv", opened.opened_csv, name="opened-csv"),
    path("director/", director.director, name="director"),
]
