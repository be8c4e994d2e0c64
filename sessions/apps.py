from django.apps import AppConfig


class SessionsConfig(AppConfig):
    """The room for what happens when a group meets.

    The label differs from the folder: ``sessions`` is Django's own.
    """

    name = "sessions"
    label = "intervision_sessions"

    def ready(self) -> None:
        from sessions import doors, mails

        doors.register()
        mails.register()
