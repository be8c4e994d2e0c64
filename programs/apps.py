from django.apps import AppConfig


class ProgramsConfig(AppConfig):
    name = "programs"

    def ready(self) -> None:
<<<<<<< HEAD
        from programs.mails import intakes

        intakes.register()
=======
        from programs import jobs

        jobs.register()
>>>>>>> 39b4e10 (programs: Bring people in from a list, checked first, all of it or nothing.)
