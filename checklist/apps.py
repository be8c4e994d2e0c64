from django.apps import AppConfig


class ChecklistConfig(AppConfig):
    name = "checklist"

    def ready(self) -> None:
        from checklist import starting

        starting.register()
