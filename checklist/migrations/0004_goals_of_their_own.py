"""A goal that a member saved, or said to keep to themselves, is read beside what the guide ticked: since when."""

from importlib import import_module

from django.db import migrations

SAID = "intake.goal_formulated))"
SAID_TOO = 'intake.goal_formulated, settled."on"))'
JOINED = "left join programs_intake intake on intake.membership_id = member.id"
JOINED_TOO = JOINED + "\n        left join programs_goalsettled settled on settled.membership_id = member.id"
EARLIER = import_module("checklist.migrations.0003_count_nameless_attendance")
BEFORE = EARLIER.BEFORE.replace(EARLIER.BY_MEMBER, EARLIER.BY_ITSELF)


class Migration(migrations.Migration):
    dependencies = [
        ("checklist", "0003_count_nameless_attendance"),
        ("programs", "0008_own_texts"),
    ]
    operations = [migrations.RunSQL(BEFORE.replace(SAID, SAID_TOO).replace(JOINED, JOINED_TOO), BEFORE)]
