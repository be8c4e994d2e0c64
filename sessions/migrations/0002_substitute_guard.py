"""Who stands in for one session may not evaluate a member of the group: refused like a guide.

The check joins on the day of the session, and takes the same lock as the independence guard of programs.
"""

from django.db import migrations

CREATE = """
create function sessions_refuse_substitute() returns trigger language plpgsql as $$
declare
  met record;
begin
  perform pg_advisory_xact_lock(4711, 1);
  select evaluation.evaluator_id, evaluation.resident_id into met
    from programs_evaluation evaluation
    join programs_membership member on member.user_id = evaluation.resident_id
   where evaluation.evaluator_id = new.substitute_id
     and member.group_id = new.group_id
     and (member.left_on is null or member.left_on >= new.starts_at::date)
     and evaluation.period @> new.starts_at::date
   limit 1;
  if found then
    raise exception 'an evaluator of a member cannot stand in'
      using errcode = 'check_violation', constraint = 'no_evaluator_stands_in';
  end if;
  return null;
end $$;

create trigger refuse_substitute after insert or update of substitute_id, starts_at, group_id
  on intervision_sessions_groupsession
  for each row when (new.substitute_id is not null) execute function sessions_refuse_substitute();
"""

UNDO = "drop function sessions_refuse_substitute() cascade;"


class Migration(migrations.Migration):
    dependencies = [
        ("intervision_sessions", "0001_initial"),
        ("programs", "0002_independence_guard"),
    ]

    operations = [migrations.RunSQL(CREATE, UNDO)]
