"""Whoever runs a program does not stand in for a guide of it either: who stands in sees who was there.

Where somebody does already, nothing is changed here: what they see ends by the rule, and the next change of that
session asks for another.
"""

from django.db import migrations

GUARD = """
create function sessions_coordinator_does_not_stand_in() returns trigger language plpgsql as $$
begin
  if exists (
    select from programs_programcoordinator coordinator
      join programs_group grouping using (program_id)
     where grouping.id = new.group_id and coordinator.user_id = new.substitute_id
       and daterange(coordinator.from_on, coordinator.until_on, '[]') @> new.starts_at::date) then
    raise exception 'a coordinator does not stand in for a guide of the program'
      using errcode = 'check_violation', constraint = 'coordinator_does_not_guide';
  end if;
  return null;
end $$;

create trigger coordinator_does_not_stand_in after insert or update of substitute_id, starts_at, group_id
  on intervision_sessions_groupsession
  for each row when (new.substitute_id is not null) execute function sessions_coordinator_does_not_stand_in();
"""

UNDO = "drop function sessions_coordinator_does_not_stand_in() cascade;"


class Migration(migrations.Migration):
    dependencies = [
        ("intervision_sessions", "0009_guide_rounds"),
        ("programs", "0007_coordinator_does_not_guide"),
    ]

    operations = [migrations.RunSQL(GUARD, UNDO)]
