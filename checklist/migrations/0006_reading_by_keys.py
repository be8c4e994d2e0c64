"""The one call finds rows of other tables by their keys, whatever its one plan thinks of their number.

Its plan is made for groups and members that it knows nothing of. Guessed too many, they are joined by reading whole
tables of rooms, logs and rules, and the call grows with the region instead of with its program.
"""

from importlib import import_module

from django.db import migrations

BEFORE = import_module("checklist.migrations.0004_goals_of_their_own").Migration.operations[0].sql
ONE_PLAN = "set plan_cache_mode = force_generic_plan"
BY_KEYS = f"{ONE_PLAN}\nset enable_hashjoin = off set enable_mergejoin = off"
ANY_RULE = """placement.department_id in (
                        select department_id from programs_departmentrule
                         where from_on"""
OWN_RULE = """exists (
                        select from programs_departmentrule
                         where department_id = placement.department_id and from_on"""


class Migration(migrations.Migration):
    dependencies = [("checklist", "0005_snapshots")]
    operations = [
        migrations.RunSQL(BEFORE.replace(ONE_PLAN, BY_KEYS).replace(ANY_RULE, OWN_RULE), BEFORE),
    ]
