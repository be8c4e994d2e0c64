"""A line on why a condition is not met says by itself whether it was decided not to do it.

Lines kept so far explain; what was decided with them is decided again from the list of what to do.
"""

from importlib import import_module

from django.db import migrations, models

EARLIER = import_module("checklist.migrations.0006_reading_by_keys").Migration.operations[0]
SAID, SAID_TOO = "item, text, changed_at)", "item, text, changed_at, chosen)"


class Migration(migrations.Migration):
    dependencies = [("checklist", "0006_reading_by_keys")]
    operations = [
        migrations.AddField("justification", "chosen", models.BooleanField(default=False)),
        migrations.RunSQL(EARLIER.sql.replace(SAID, SAID_TOO), EARLIER.sql),
    ]
