from django.db import migrations

FILL = """
    update programs_occupation taken
       set group_id = session.group_id
      from intervision_sessions_groupsession session
     where session.id = taken.about_id
"""


class Migration(migrations.Migration):
    """Times that sessions took before occupations named their group."""

    dependencies = [
        ("programs", "0006_occupation_of_a_group"),
        ("intervision_sessions", "0002_substitute_guard"),
    ]

    operations = [migrations.RunSQL(FILL, migrations.RunSQL.noop)]
