from django.apps import AppConfig


class ProgramsConfig(AppConfig):
    name = "programs"

    def ready(self) -> None:
        from programs import jobs
        from programs.mails import guides, intakes

        guides.register()
        intakes.register()
        jobs.register()
