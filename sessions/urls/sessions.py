from django.urls import URLPattern, path

from sessions.views import attendance, certificate, group, guide_round, line, log, program, session, stages

urlpatterns: list[URLPattern] = [
    path("certificate/<uuid:pk>/", certificate.certificate_pdf, name="certificate"),
    path("attendance/<uuid:pk>/", attendance.my_attendance, name="my-attendance"),
    path("groups/<uuid:pk>/attendance/", attendance.said, name="attendance-said"),
    path("groups/<uuid:pk>/", group.group, name="group"),
    path("groups/<uuid:pk>/add/", group.add, name="add"),
    path("questions/<uuid:pk>/", guide_round.guide_round, name="guide-round"),
    path("programs/<uuid:pk>/day-off/", program.day_off, name="day-off"),
    path("programs/<uuid:pk>/begin/", stages.open_running, name="open-running"),
    path("programs/<uuid:pk>/complete/", stages.complete, name="complete"),
    path("programs/<uuid:pk>/cancel/", stages.cancel_program, name="cancel-program"),
    path("<uuid:pk>/", session.session, name="session"),
    path("<uuid:pk>/cannot-come/", group.cannot_come, name="cannot-come"),
    path("<uuid:pk>/can-come/", group.can_come, name="can-come"),
    path("<uuid:pk>/move/", session.move, name="move"),
    path("<uuid:pk>/room/", session.room, name="room"),
    path("<uuid:pk>/cancel/", session.cancel, name="cancel"),
    path("<uuid:pk>/undo/", session.undo_change, name="undo-change"),
    path("<uuid:pk>/substitute/", session.substitute, name="substitute"),
    path("<uuid:pk>/took-place/", session.took_place, name="took-place"),
    path("<uuid:pk>/line/", line.line, name="line"),
    path("<uuid:pk>/log/", log.log, name="log"),
    path("<uuid:pk>/log/ticks/", log.ticks, name="ticks"),
]
