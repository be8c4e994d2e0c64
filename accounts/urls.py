from django.urls import path

from accounts.views import help as helping
from accounts.views import institution as house
from accounts.views import invitations, links, me, people, sign_ins

app_name = "accounts"
urlpatterns = [
    path("help/", helping.help_list, name="help-list"),
    path("help/<slug:slug>/", helping.help_page, name="help"),
    path("security/", helping.security, name="security"),
    path("me/", me.edit_me, name="me"),
    path("me/sign-ins/forget-devices/", sign_ins.forget_devices, name="forget-devices"),
    path("me/sign-ins/<int:pk>/end/", sign_ins.end_sign_in, name="end-sign-in"),
    path("institution/", house.my_institution, name="my-institution"),
    path("institution/<slug:slug>/", house.institution_page, name="institution"),
    path("institution/<slug:slug>/frame/", house.edit_frame, name="institution-frame"),
    path("institution/<slug:slug>/contacts/new/", house.add_contact, name="new-contact"),
    path("institution/<slug:slug>/contacts/<uuid:pk>/", house.edit_contact, name="contact"),
    path("institution/<slug:slug>/contacts/<uuid:pk>/remove/", house.remove_contact, name="remove-contact"),
    path("institution/<slug:slug>/closed-days/new/", house.add_closed_day, name="new-closed-day"),
    path(
        "institution/<slug:slug>/closed-days/<uuid:pk>/remove/",
        house.remove_closed_day,
        name="remove-closed-day",
    ),
    path("institution/<slug:slug>/restore/<str:says>/", house.restore, name="restore"),
    path("institution/<slug:slug>/departments/", house.department_list, name="departments"),
    path("institution/<slug:slug>/departments/new/", house.add_department, name="new-department"),
    path("institution/<slug:slug>/departments/<uuid:pk>/", house.edit_department, name="department"),
    path("institution/<slug:slug>/people/", people.people_list, name="people"),
    path("institution/<slug:slug>/people/invite/", people.invite, name="invite"),
    path("institution/<slug:slug>/people/<uuid:pk>/send/", people.send_invitation, name="send-invitation"),
    path("institution/<slug:slug>/people/<uuid:pk>/end/", people.end_appointment, name="end-appointment"),
    path(
        "institution/<slug:slug>/people/<uuid:pk>/resume/",
        people.resume_appointment,
        name="resume-appointment",
    ),
    path("institution/<slug:slug>/people/<uuid:pk>/start-over/", people.start_over, name="start-over"),
    path("invitation/<str:token>/", invitations.accept_invitation, name="invitation"),
    path("link/", links.link_on_its_way, name="link-on-its-way"),
    path("link/ask/", links.ask_for_link, name="ask-for-link"),
    path("link/<str:token>/", links.open_link, name="link"),
    path("link/<str:token>/again/", links.send_link_again, name="link-again"),
    path("signed-out/", links.signed_out, name="signed-out"),
]
