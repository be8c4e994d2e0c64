"""What was told of the intake interviews of a program is kept, so that it can stay as it is."""

import uuid

import django.db.models.deletion
from django.db import migrations, models

import intervision.clock


class Migration(migrations.Migration):
    dependencies = [
        ("checklist", "0007_chosen_not_to"),
        ("programs", "0011_suspended_are_found_at_once"),
    ]

    operations = [
        migrations.CreateModel(
            name="TicksTold",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("told_at", models.DateTimeField(default=intervision.clock.now)),
                ("people", models.PositiveSmallIntegerField()),
                ("framed", models.PositiveSmallIntegerField()),
                ("goals", models.PositiveSmallIntegerField()),
                (
                    "program",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="ticks_told",
                        to="programs.program",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("program", "people"), name="checklist_ticks_told_once"),
                    models.CheckConstraint(
                        condition=models.Q(("framed__lte", models.F("people")), ("goals__lte", models.F("people"))),
                        name="checklist_ticks_of_people",
                    ),
                ],
            },
        ),
    ]
