from django.apps import AppConfig


class ConcernsConfig(AppConfig):
    """The room for what must change: reports that something left a group."""

    name = "concerns"

    def ready(self) -> None:
        from concerns import mails

        mails.register()
