from django.urls import path

from concerns.views import looking, reporting

app_name = "concerns"
urlpatterns = [
    path("", looking.report_list, name="list"),
    path("mine/", reporting.mine, name="mine"),
    path("follow/", reporting.follow, name="follow"),
    path("groups/<uuid:pk>/", reporting.new_report, name="new"),
    path("programs/<uuid:pk>/", looking.confirmed, name="confirmed"),
    path("<uuid:pk>/", looking.report, name="report"),
    path("<uuid:pk>/step/", looking.step, name="step"),
]
