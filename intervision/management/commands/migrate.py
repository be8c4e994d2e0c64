from typing import Any

from django.core.management import call_command
from django.core.management.commands import migrate
from django.db import connection

from intervision import roles


class Command(migrate.Command):
    """Django's own, done as the owner of the tables; afterwards the application's role gets its rows."""

    def handle(self, *args: Any, **options: Any) -> None:
        application = connection.settings_dict["USER"]
        with roles.owner():
            super().handle(*args, **options)
            call_command("createcachetable", verbosity=options["verbosity"])
            if application != connection.settings_dict["USER"]:
                roles.grant(application)
