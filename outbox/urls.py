from django.urls import path

from outbox import views

app_name = "outbox"
urlpatterns = [
    path("<uuid:pk>/", views.job, name="job"),
    path("<uuid:pk>/stop/", views.stop_job, name="stop-job"),
]
