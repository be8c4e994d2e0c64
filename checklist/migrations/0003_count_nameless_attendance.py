"""Attendance that is only a number any more counts like any other: by itself instead of by its member."""

from importlib import import_module

from django.db import migrations

BY_MEMBER, BY_ITSELF = "json_agg(membership_id)", "json_agg(coalesce(membership_id, id))"
BEFORE = import_module("checklist.migrations.0002_reading_in_one_call").READING.replace(
    "create function", "create or replace function"
)


class Migration(migrations.Migration):
    dependencies = [
        ("checklist", "0002_reading_in_one_call"),
        ("intervision_sessions", "0005_nameless_attendance"),
    ]
    operations = [migrations.RunSQL(BEFORE.replace(BY_MEMBER, BY_ITSELF), BEFORE)]
