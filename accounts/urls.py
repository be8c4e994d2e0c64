from django.urls import path

from accounts.views import help as helping
from accounts.views import invitations, links

app_name = "accounts"
urlpatterns = [
    path("help/", helping.help_list, name="help-list"),
    path("help/<slug:slug>/", helping.help_page, name="help"),
    path("invitation/<str:token>/", invitations.accept_invitation, name="invitation"),
    path("link/", links.link_on_its_way, name="link-on-its-way"),
    path("link/<str:token>/", links.open_link, name="link"),
    path("link/<str:token>/again/", links.send_link_again, name="link-again"),
    path("signed-out/", links.signed_out, name="signed-out"),
]
