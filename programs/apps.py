from django.apps import AppConfig


class ProgramsConfig(AppConfig):
    name = "programs"

    def ready(self) -> None:
        from programs import doors, jobs
        from programs.mails import ending, guides, intakes, invitation, joining, suspensions

        doors.register()
        ending.register()
        guides.register()
        intakes.register()
        invitation.register()
        jobs.register()
        joining.register()
        suspensions.register()
