"""Nobody who evaluates a member leads, joins or coordinates that member's group.

The forbidden state is: an evaluation and an assignment meet in time, and the assignment
is not suspended. An assignment that would cause it is refused; an evaluation is a fact of
the hospital, so it is never refused and suspends the assignment in its own statement.

Every writer takes one advisory lock first, so of two concurrent writers the second sees
the first one's rows. That holds at READ COMMITTED only; a system check insists on it.
"""

from django.db import migrations

VIEWS = """
-- who evaluates whom, from when to when: single relations, and a department's assessing staff
create view programs_evaluation as
select evaluator_id, resident_id, daterange(from_on, until_on, '[]') as period
  from programs_evaluativerelation
union all
select rule.evaluator_id, placement.user_id,
       daterange(rule.from_on, rule.until_on, '[]') * daterange(placement.from_on, placement.until_on, '[]')
  from programs_departmentrule rule
  join accounts_placement placement using (department_id)
 where rule.evaluator_id <> placement.user_id
   and daterange(rule.from_on, rule.until_on, '[]') && daterange(placement.from_on, placement.until_on, '[]');

-- who is in or over a group, and the part of that time in which it is not suspended
create view programs_assignment as
select 'guide' as kind, id, user_id as person_id, group_id,
       daterange(from_on, until_on, '[]') * daterange(null, suspended_from, '[)') as effective
  from programs_guide
union all
select 'member', id, user_id, group_id,
       daterange(joined_on, left_on, '[]') * daterange(null, suspended_from, '[)')
  from programs_membership where group_id is not null
union all
select 'coordinator', coordinator.id, coordinator.user_id, grouping.id,
       daterange(coordinator.from_on, coordinator.until_on, '[]')
         * daterange(null, coordinator.suspended_from, '[)')
  from programs_programcoordinator coordinator
  join programs_group grouping using (program_id);

-- the forbidden state; empty at every commit
create view programs_conflict as
select assignment.kind, assignment.id as assignment_id, assignment.person_id as evaluator_id,
       member.id as membership_id, member.user_id as resident_id, assignment.group_id,
       lower(assignment.effective * evaluation.period
             * daterange(member.joined_on, member.left_on, '[]')) as from_on
  from programs_assignment assignment
  join programs_membership member
    on member.group_id = assignment.group_id and member.user_id <> assignment.person_id
  join programs_evaluation evaluation
    on evaluation.evaluator_id = assignment.person_id and evaluation.resident_id = member.user_id
 where not isempty(assignment.effective * evaluation.period * daterange(member.joined_on, member.left_on, '[]'));
"""

FUNCTIONS = """
create function programs_independence_lock() returns trigger language plpgsql as $$
begin
  perform pg_advisory_xact_lock(4711, 1);
  if tg_op = 'DELETE' then
    return old;
  end if;
  return new;
end $$;

create function programs_refuse_conflict() returns trigger language plpgsql as $$
declare
  kind_of text := tg_argv[0];
  met record;
begin
  select * into met from programs_conflict
   where (assignment_id = new.id and kind = kind_of) limit 1;
  if not found and kind_of = 'member' then
    -- a suspension changes nothing for the people over this member
    if tg_op = 'INSERT' or (old.group_id, old.user_id, old.joined_on, old.left_on)
         is distinct from (new.group_id, new.user_id, new.joined_on, new.left_on) then
      select * into met from programs_conflict where membership_id = new.id limit 1;
    end if;
  end if;
  if met.assignment_id is not null then
    raise exception 'an evaluator of a member cannot be in, lead or run the group'
      using errcode = 'check_violation', constraint = 'no_evaluator_in_group',
            detail = met.kind || ' ' || met.evaluator_id || ' evaluates ' || met.resident_id;
  end if;
  return null;
end $$;

create function programs_suspend(evaluator uuid, resident uuid) returns void language plpgsql as $$
begin
  update programs_guide g set suspended_from = met.from_on
    from (select assignment_id, min(from_on) as from_on from programs_conflict
           where kind = 'guide' and evaluator_id = evaluator
             and resident_id = resident group by 1) met
   where g.id = met.assignment_id;
  update programs_membership m set suspended_from = met.from_on
    from (select assignment_id, min(from_on) as from_on from programs_conflict
           where kind = 'member' and evaluator_id = evaluator
             and resident_id = resident group by 1) met
   where m.id = met.assignment_id;
  update programs_programcoordinator c set suspended_from = met.from_on
    from (select assignment_id, min(from_on) as from_on from programs_conflict
           where kind = 'coordinator' and evaluator_id = evaluator
             and resident_id = resident group by 1) met
   where c.id = met.assignment_id;
end $$;

create function programs_relation_suspends() returns trigger language plpgsql as $$
begin
  perform programs_suspend(new.evaluator_id, new.resident_id);
  return null;
end $$;

create function programs_rule_suspends() returns trigger language plpgsql as $$
begin
  perform programs_suspend(new.evaluator_id, resident)
    from (select distinct user_id as resident from accounts_placement
           where department_id = new.department_id) placed;
  return null;
end $$;

create function programs_placement_suspends() returns trigger language plpgsql as $$
begin
  perform programs_suspend(evaluator, new.user_id)
    from (select distinct evaluator_id as evaluator from programs_departmentrule
           where department_id = new.department_id) assessing;
  return null;
end $$;

-- a group stays in its program, or the coordinators over its members would change unseen
create function programs_group_stays() returns trigger language plpgsql as $$
begin
  if new.program_id <> old.program_id then
    raise exception 'a group stays in its program'
      using errcode = 'check_violation', constraint = 'group_stays_in_program';
  end if;
  return new;
end $$;

-- seats: counted from the memberships at every write, so the last place is decided here
create function programs_seats() returns trigger language plpgsql as $$
begin
  new.taken := (select count(*) from programs_membership where group_id = new.id and state <> 'left');
  return new;
end $$;

create function programs_recount_seats() returns trigger language plpgsql as $$
begin
  if tg_op <> 'INSERT' then
    update programs_group set taken = taken where id = old.group_id;
  end if;
  if tg_op <> 'DELETE' and (tg_op = 'INSERT' or new.group_id is distinct from old.group_id) then
    update programs_group set taken = taken where id = new.group_id;
  end if;
  return null;
end $$;
"""

TRIGGERS = """
create trigger a_lock before insert or update or delete on programs_membership
  for each row execute function programs_independence_lock();
create trigger a_lock before insert or update on programs_guide
  for each row execute function programs_independence_lock();
create trigger a_lock before insert or update on programs_programcoordinator
  for each row execute function programs_independence_lock();
create trigger a_lock before insert or update on programs_evaluativerelation
  for each row execute function programs_independence_lock();
create trigger a_lock before insert or update on programs_departmentrule
  for each row execute function programs_independence_lock();
create trigger a_lock before insert or update on accounts_placement
  for each row execute function programs_independence_lock();
create trigger stays before update on programs_group
  for each row execute function programs_group_stays();

create trigger refuse_conflict after insert or update on programs_membership
  for each row execute function programs_refuse_conflict('member');
create trigger refuse_conflict after insert or update on programs_guide
  for each row execute function programs_refuse_conflict('guide');
create trigger refuse_conflict after insert or update on programs_programcoordinator
  for each row execute function programs_refuse_conflict('coordinator');

create trigger relation_suspends after insert or update on programs_evaluativerelation
  for each row execute function programs_relation_suspends();
create trigger rule_suspends after insert or update on programs_departmentrule
  for each row execute function programs_rule_suspends();
create trigger placement_suspends after insert or update on accounts_placement
  for each row execute function programs_placement_suspends();

create trigger seats before insert or update on programs_group
  for each row execute function programs_seats();
create trigger recount_seats after insert or update of group_id, state or delete on programs_membership
  for each row execute function programs_recount_seats();
"""

UNDO = """
drop function programs_recount_seats() cascade;
drop function programs_seats() cascade;
drop function programs_group_stays() cascade;
drop function programs_placement_suspends() cascade;
drop function programs_rule_suspends() cascade;
drop function programs_relation_suspends() cascade;
drop function programs_suspend(uuid, uuid) cascade;
drop function programs_refuse_conflict() cascade;
drop function programs_independence_lock() cascade;
drop view programs_conflict, programs_assignment, programs_evaluation;
"""


class Migration(migrations.Migration):
    dependencies = [("programs", "0001_initial"), ("accounts", "0001_initial")]

    operations = [migrations.RunSQL(VIEWS + FUNCTIONS + TRIGGERS, UNDO)]
