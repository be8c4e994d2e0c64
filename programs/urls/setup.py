from django.urls import URLPattern, path

from programs.views import coordinators, rooms, setup, stages, texts

urlpatterns: list[URLPattern] = [
    path("", setup.program_list, name="list"),
    path("new/", setup.choose_format, name="new"),
    path("new/<slug:format_key>/", setup.new_program, name="new-program"),
    path("new/<slug:format_key>/notes/", setup.frame_notes, name="frame-notes"),
    path("<uuid:pk>/frame/", setup.edit_frame, name="frame"),
    path("<uuid:pk>/texts/", texts.edit_texts, name="texts"),
    path("<uuid:pk>/start/", stages.start, name="start"),
    path("<uuid:pk>/intakes/open/", stages.open_intakes, name="open-intakes"),
    path("<uuid:pk>/invite/", stages.invite, name="invite"),
    path("<uuid:pk>/pause/", stages.pause, name="pause"),
    path("<uuid:pk>/resume/", stages.resume, name="resume"),
    path("<uuid:pk>/coordinators/", coordinators.coordinators, name="coordinators"),
    path("<uuid:pk>/coordinators/<uuid:held_pk>/end/", coordinators.end, name="end-coordinator"),
    path("<uuid:pk>/coordinators/<uuid:held_pk>/resume/", coordinators.resume, name="resume-coordinator"),
    path("<uuid:pk>/copy/", setup.copy, name="copy"),
    path("rooms/<slug:slug>/", rooms.room_list, name="rooms"),
    path("rooms/<slug:slug>/new/", rooms.add_room, name="new-room"),
    path("rooms/<slug:slug>/<uuid:pk>/", rooms.edit_room, name="room"),
    path("rooms/<slug:slug>/<uuid:pk>/retire/", rooms.retire_room, name="retire-room"),
]
