"""The guard asks about a membership only once it has a seat.

Without a group a membership is no assignment and nobody is over it, so there is nothing to refuse;
asking all the same made a list of thousands of people slow to store.
"""

from django.db import migrations

SEATS_ONLY = """
drop trigger refuse_conflict on programs_membership;
create trigger refuse_conflict after insert or update on programs_membership
  for each row when (new.group_id is not null) execute function programs_refuse_conflict('member');
"""
ALL = """
drop trigger refuse_conflict on programs_membership;
create trigger refuse_conflict after insert or update on programs_membership
  for each row execute function programs_refuse_conflict('member');
"""


class Migration(migrations.Migration):
    dependencies = [("programs", "0003_import_columns")]

    operations = [migrations.RunSQL(SEATS_ONLY, ALL)]
