from django.urls import URLPattern, path

from programs.views import running

urlpatterns: list[URLPattern] = [
    path("<uuid:pk>/running/", running.groups, name="running"),
    path("<uuid:pk>/running/undo/<uuid:step_pk>/", running.undo_change, name="undo-change"),
    path("<uuid:pk>/members/<uuid:membership_pk>/pause/", running.pause, name="pause-member"),
    path("<uuid:pk>/members/<uuid:membership_pk>/resume/", running.resume, name="resume-member"),
    path("<uuid:pk>/members/<uuid:membership_pk>/leave/", running.leave, name="member-leaves"),
    path("<uuid:pk>/groups/<uuid:group_pk>/add/", running.add, name="add-member"),
    path("<uuid:pk>/groups/<uuid:group_pk>/close/", running.close, name="close-group"),
    path("<uuid:pk>/groups/<uuid:group_pk>/pause/", running.stand_still, name="pause-group"),
    path("<uuid:pk>/ground-rules/", running.ground_rules, name="ground-rules"),
    path("<uuid:pk>/ground-rules/<uuid:group_pk>/", running.group_rules, name="group-rules"),
    path("<uuid:pk>/suspended/", running.suspended, name="suspended"),
    path("<uuid:pk>/suspended/<slug:kind>/<uuid:row_pk>/back/", running.reinstate, name="reinstate"),
    path(
        "<uuid:pk>/suspended/<slug:kind>/<uuid:row_pk>/end/",
        running.end_assignment,
        name="end-assignment",
    ),
    path("<uuid:pk>/asked-about/", running.asked, name="asked-about"),
]
