"""How well: the conditions of a program, met, partly, not, or not yet known."""

from django.urls import path

from checklist.views import (
    answers,
    by_group,
    check,
    downloads,
    house,
    layer,
    next,
    nights,
    over_time,
    page,
    ring,
    what_if,
)

app_name = "checklist"
urlpatterns = [
    path("nights/", nights.nights, name="nights"),
    path("preparation-ring/", ring.preparation_ring, name="preparation-ring"),
    path("institution/<slug:slug>/", house.house, name="house"),
    path("institution/<slug:slug>/report.pdf", house.as_report, name="house-report"),
    path("institution/<slug:slug>/rings.csv", house.as_csv, name="house-csv"),
    path("institution/<slug:slug>/rings.json", house.as_json, name="house-json"),
    path("groups/<uuid:pk>/", page.group, name="group"),
    path("groups/<uuid:pk>/table/", layer.group_table, name="group-table"),
    path("groups/<uuid:pk>/layers/<slug:key>/", layer.group_layer, name="group-layer"),
    path("<uuid:pk>/", page.program, name="program"),
    path("<uuid:pk>/table/", layer.program_table, name="program-table"),
    path("<uuid:pk>/layers/<slug:key>/", layer.program_layer, name="program-layer"),
    path("<uuid:pk>/what-if/", what_if.what_if, name="what-if"),
    path("<uuid:pk>/next/", next.next_actions, name="next"),
    path("<uuid:pk>/next/<slug:item>/leave/", next.leave, name="leave"),
    path("<uuid:pk>/next/<slug:item>/take-up/", next.take_up, name="take-up"),
    path("<uuid:pk>/groups/", by_group.groups, name="by-group"),
    path("<uuid:pk>/over-time/", over_time.over_time, name="over-time"),
    path("<uuid:pk>/summary/", ring.summary, name="summary"),
    path("<uuid:pk>/check/", check.check, name="check"),
    path("<uuid:pk>/answers/", answers.answers, name="answers"),
    path("<uuid:pk>/conditions.json", downloads.as_json, name="json"),
    path("<uuid:pk>/report.pdf", downloads.as_report, name="report"),
    path("<uuid:pk>/board-report.pdf", downloads.as_board_report, name="board-report"),
    path("<uuid:pk>/conditions.csv", downloads.as_csv, name="csv"),
]
