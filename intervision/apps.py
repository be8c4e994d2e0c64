from django.apps import AppConfig


class IntervisionConfig(AppConfig):
    name = "intervision"

    def ready(self) -> None:
        from intervision import celery, checks  # noqa: F401  (the app tasks belong to; the checks register)
