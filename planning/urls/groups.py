from django.urls import URLPattern, path

from planning.views import groups

urlpatterns: list[URLPattern] = [
    path("<uuid:pk>/groups/", groups.group_list, name="groups"),
    path("<uuid:pk>/groups/propose/", groups.propose, name="propose-groups"),
    path("<uuid:pk>/groups/add/", groups.add, name="add-group"),
    path("<uuid:pk>/groups/undo/<uuid:step_pk>/", groups.undo_step, name="undo"),
    path("<uuid:pk>/groups/move/<uuid:membership_pk>/", groups.move, name="move"),
    path("<uuid:pk>/groups/<uuid:group_pk>/", groups.edit, name="group"),
    path("<uuid:pk>/groups/<uuid:group_pk>/remove/", groups.remove, name="remove-group"),
    path("<uuid:pk>/groups/<uuid:group_pk>/guides/", groups.assign, name="assign-guide"),
    path("<uuid:pk>/groups/<uuid:group_pk>/guides/<uuid:guide_pk>/end/", groups.end_guide, name="end-guide"),
]
