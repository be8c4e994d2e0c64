from django.db import migrations

OF = """
update vault_accessevent event set house_id = program.institution_id
  from {table} text
  join programs_membership member on member.id = text.membership_id
  join programs_program program on program.id = member.program_id
 where event.kind = '{kind}' and event.about_id = text.id and event.house_id is null;
"""
TEXTS = {
    "programs.preparation": "programs_preparation",
    "programs.learninggoal": "programs_learninggoal",
    "intervision_sessions.privateline": "intervision_sessions_privateline",
}


class Migration(migrations.Migration):
    dependencies = [
        ("intervision_sessions", "0007_own_word_on_attendance"),
        ("programs", "0010_names_as_given"),
        ("vault", "0002_events_know_their_house"),
    ]

    operations = [
        migrations.RunSQL(OF.format(kind=kind, table=table), migrations.RunSQL.noop)
        for kind, table in TEXTS.items()
    ]
