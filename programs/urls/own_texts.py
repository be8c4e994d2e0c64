from django.urls import URLPattern, path

from programs.views import own_texts, shared_texts

urlpatterns: list[URLPattern] = [
    path("places/<uuid:pk>/preparation/", own_texts.my_preparation, name="my-preparation"),
    path("places/<uuid:pk>/goals/", own_texts.my_goals, name="my-goals"),
    path("places/<uuid:pk>/goals/new/", own_texts.new_goal, name="new-goal"),
    path("places/<uuid:pk>/goals/to-myself/", own_texts.keep_goal, name="keep-goal"),
    path("goals/<uuid:pk>/", own_texts.my_goal, name="my-goal"),
    path("goals/<uuid:pk>/remove/", own_texts.remove_goal, name="remove-goal"),
    path("texts/<uuid:pk>/share/", own_texts.share, name="share-text"),
    path("texts/opened/", own_texts.opened_by, name="opened-by"),
    path("texts/still-here/", own_texts.still_here, name="still-here"),
    path("<uuid:pk>/shared/", shared_texts.shared, name="shared"),
    path("places/<uuid:pk>/shared/", shared_texts.read_shared, name="read-shared"),
]
