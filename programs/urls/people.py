from django.urls import URLPattern, path

from programs.views import people, people_import

urlpatterns: list[URLPattern] = [
    path("<uuid:pk>/people/", people.people, name="people"),
    path("<uuid:pk>/people/new/", people.add_person, name="new-person"),
    path("<uuid:pk>/people/people.csv", people.people_csv, name="people-csv"),
    path("<uuid:pk>/people/example.csv", people.example, name="people-example"),
    path("<uuid:pk>/people/import/", people_import.begin, name="import-people"),
    path("<uuid:pk>/people/restore/<uuid:step_pk>/", people.restore_person, name="restore-person"),
    path("<uuid:pk>/people/<uuid:membership_pk>/remove/", people.remove_person, name="remove-person"),
    path("imports/<uuid:pk>/", people_import.show, name="people-import"),
    path("imports/<uuid:pk>/mend/", people_import.mend, name="people-mend"),
    path("imports/<uuid:pk>/answer/", people_import.answer, name="people-answer"),
    path("imports/<uuid:pk>/store/", people_import.store, name="people-store"),
    path("imports/<uuid:pk>/drop/", people_import.drop, name="people-drop"),
    path("imports/<uuid:pk>/undo/", people_import.undo, name="people-undo"),
]
