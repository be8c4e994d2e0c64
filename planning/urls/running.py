from django.urls import URLPattern, path

from planning.views import running

urlpatterns: list[URLPattern] = [
    path("<uuid:pk>/groups/<uuid:group_pk>/another-guide/", running.another_guide, name="another-guide"),
]
