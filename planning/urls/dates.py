from django.urls import URLPattern, path

from planning.views import dates

urlpatterns: list[URLPattern] = [
    path("<uuid:pk>/dates/", dates.date_list, name="dates"),
    path("<uuid:pk>/dates/all/", dates.all_groups, name="all-dates"),
    path("<uuid:pk>/dates/undo/<uuid:step_pk>/", dates.undo_dates, name="undo-dates"),
    path("<uuid:pk>/dates/<uuid:group_pk>/", dates.group_dates, name="group-dates"),
]
