from django.urls import URLPattern, path

from programs.views import guides, relations

urlpatterns: list[URLPattern] = [
    path("<uuid:pk>/guides/", guides.guide_list, name="guides"),
    path("<uuid:pk>/guides/<uuid:profile_pk>/", guides.guide, name="guide"),
    path("<uuid:pk>/guides/<uuid:profile_pk>/trainings/", guides.add_training, name="add-training"),
    path(
        "<uuid:pk>/guides/<uuid:profile_pk>/trainings/<uuid:training_pk>/remove/",
        guides.remove_training,
        name="remove-training",
    ),
    path("<uuid:pk>/independence/", relations.relation_list, name="relations"),
    path("<uuid:pk>/independence/ask/", relations.ask_guides, name="ask-guides"),
    path("<uuid:pk>/independence/rules/", relations.add_rule, name="add-rule"),
    path("<uuid:pk>/independence/rules/<uuid:rule_pk>/end/", relations.end_rule, name="end-rule"),
    path("<uuid:pk>/independence/relations/", relations.add_relation, name="add-relation"),
    path(
        "<uuid:pk>/independence/relations/<uuid:relation_pk>/end/",
        relations.end_relation,
        name="end-relation",
    ),
    path("guiding/<uuid:pk>/independence/", relations.declare, name="declare"),
    path("guiding/<uuid:pk>/independence/done/", relations.declared, name="declared"),
]
