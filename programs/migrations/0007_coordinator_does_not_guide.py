"""Whoever runs a program does not guide a group of it: a coordinator sees counts, a guide sees who was there."""

from django.db import migrations

GUARD = """
create function programs_coordinator_does_not_guide() returns trigger language plpgsql as $$
declare
  met boolean;
begin
  if tg_argv[0] = 'guide' then
    select exists (
      select from programs_programcoordinator coordinator
        join programs_group grouping using (program_id)
       where grouping.id = new.group_id and coordinator.user_id = new.user_id
         and daterange(coordinator.from_on, coordinator.until_on, '[]')
             && daterange(new.from_on, new.until_on, '[]')) into met;
  else
    select exists (
      select from programs_guide guide
        join programs_group grouping on grouping.id = guide.group_id
       where grouping.program_id = new.program_id and guide.user_id = new.user_id
         and daterange(guide.from_on, guide.until_on, '[]')
             && daterange(new.from_on, new.until_on, '[]')) into met;
  end if;
  if met then
    raise exception 'a coordinator does not guide a group of the program'
      using errcode = 'check_violation', constraint = 'coordinator_does_not_guide';
  end if;
  return null;
end $$;

create trigger coordinator_does_not_guide after insert or update of group_id, user_id, from_on, until_on
  on programs_guide for each row execute function programs_coordinator_does_not_guide('guide');
create trigger coordinator_does_not_guide after insert or update of program_id, user_id, from_on, until_on
  on programs_programcoordinator for each row execute function programs_coordinator_does_not_guide('coordinator');
"""

UNDO = "drop function programs_coordinator_does_not_guide() cascade;"


class Migration(migrations.Migration):
    dependencies = [("programs", "0006_occupation_of_a_group")]

    operations = [migrations.RunSQL(GUARD, UNDO)]
