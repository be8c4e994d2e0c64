from django.urls import URLPattern, path

from sessions.views import outgoing

urlpatterns: list[URLPattern] = [
    path("programs/<uuid:pk>/messages/", outgoing.messages, name="messages"),
    path("programs/<uuid:pk>/messages/<uuid:message_pk>/", outgoing.message, name="message"),
    path("programs/<uuid:pk>/messages/<uuid:message_pk>/back/", outgoing.take_back, name="take-message-back"),
    path(
        "programs/<uuid:pk>/messages/<uuid:message_pk>/planned/", outgoing.put_back, name="put-message-back"
    ),
    path("programs/<uuid:pk>/messages/<uuid:message_pk>/again/", outgoing.send_again, name="send-again"),
]
