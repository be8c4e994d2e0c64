from django.apps import AppConfig


class ProgramsConfig(AppConfig):
    name = "programs"

    def ready(self) -> None:
        from programs import jobs
        from programs.mails import guides, intakes, invitation

        guides.register()
        intakes.register()
        invitation.register()
        jobs.register()
