from django.urls import URLPattern, path

from programs.views import joining

urlpatterns: list[URLPattern] = [
    path("open/<slug:slug>/", joining.open_programs, name="open"),
    path("<uuid:pk>/joining/", joining.way_in, name="joining"),
    path("<uuid:pk>/joining/card/", joining.card, name="joining-card"),
    path("<uuid:pk>/joining/code.svg", joining.code, name="joining-code"),
    path("<uuid:pk>/joining/new-link/", joining.new_key, name="new-join-link"),
    path("<uuid:pk>/joining/invite/", joining.invite_interested, name="invite-interested"),
    path("<uuid:pk>/joining/interest/<uuid:interest_pk>/", joining.remove_interest, name="remove-interest"),
]
