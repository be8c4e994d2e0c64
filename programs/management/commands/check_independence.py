from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from intervision import clock
from programs import suspensions


class Command(BaseCommand):
    help = "What runs every night: tells coordinators of assignments that an evaluation has put out of force."

    def handle(self, *args: Any, **options: Any) -> None:
        told = suspensions.tell_coordinators(at=clock.now())
        self.stdout.write(f"{told} coordinators have a choice to make.")
        with connection.cursor() as cursor:
            cursor.execute("select count(*) from programs_conflict")
            forbidden = cursor.fetchone()[0]
        if forbidden:  # the guards keep this empty; a database changed by other means may differ
            raise CommandError(f"{forbidden} assignments in force meet an evaluation.")
