"""Everything a program is scored from, read in one call.

A function, because the database keeps its plan: planned anew each time, the same costs four times as much.
It hands over rows and judges nothing; ``checklist/reading.py`` names what stands in each row.
Whoever renames a column read here replaces the function in the same migration.
"""

from django.db import migrations

READING = """
create function checklist_reading(a_program uuid, a_day date) returns json language plpgsql stable
set plan_cache_mode = force_generic_plan as $$
declare
  our_house uuid := (select institution_id from programs_program where id = a_program);
  our_groups uuid[] := array(select id from programs_group where program_id = a_program);
  our_sessions uuid[] := array(
    select id from intervision_sessions_groupsession where group_id = any(our_groups));
  our_members uuid[] := array(
    select user_id from programs_membership where program_id = a_program and group_id is not null);
  our_guides uuid[] := array(
    select user_id from programs_guide
     where group_id = any(our_groups) and from_on <= a_day and (until_on is null or until_on >= a_day));
  our_coordinators uuid[] := array(
    select user_id from programs_programcoordinator
     where program_id = a_program and from_on <= a_day and (until_on is null or until_on >= a_day)
       and (suspended_from is null or suspended_from > a_day));
  our_people uuid[] := our_members || our_guides || our_coordinators;
begin
  return json_build_object(
    'coordinators', our_coordinators,
    'invited', (select min(invited_at) from programs_membership where program_id = a_program),
    'texts', (
      select json_agg(json_build_array(purpose_en, purpose_nl, limits_en, limits_nl, published_at)
                      order by version desc)
        from programs_programtext where program_id = a_program),
    'declared', (
      select json_agg(json_build_array(item, answer, note, answered_at))
        from checklist_declaration where program_id = a_program),
    'justified', (
      select json_agg(json_build_array(item, text, changed_at))
        from checklist_justification where program_id = a_program),
    'groups', (
      select json_agg(json_build_array(id, name, closed) order by name, created_at)
        from programs_group where id = any(our_groups)),
    'guides', (
      select json_agg(json_build_array(guide.group_id, guide.user_id, guide.role, guide.suspended_from,
                                       profile.kind, profile.cbt_experience)
                      order by guide.role desc, guide.created_at)
        from programs_guide guide left join programs_facilitatorprofile profile
          on profile.user_id = guide.user_id and profile.institution_id = our_house
       where guide.group_id = any(our_groups)
         and guide.from_on <= a_day and (guide.until_on is null or guide.until_on >= a_day)),
    'trained', (
      select json_agg(json_build_array(user_id, topic, hours))
        from (select user_id, topic, sum(hours) as hours from programs_trainingrecord
               where user_id = any(our_guides) and "on" <= a_day group by 1, 2) trained),
    'members', (
      select json_agg(json_build_array(
               member.id, member.group_id, member.user_id, member.joined_on, member.left_on,
               member.paused_from, member.paused_until, member.suspended_from, slot.starts_at,
               case when intake.state in ('held', 'held_late') then intake.held_at end, intake.held_by_id,
               intake.expectations_voiced and intake.boundaries_agreed, intake.goal_formulated))
        from programs_membership member
        left join programs_intakeslot slot on slot.membership_id = member.id
        left join programs_intake intake on intake.membership_id = member.id
       where member.program_id = a_program and member.group_id is not null),
    'placed', (
      select json_agg(json_build_array(placement.user_id, placement.training_year, department.training_years,
                                       placement.discipline, placement.department_id in (
                        select department_id from programs_departmentrule
                         where from_on <= a_day and (until_on is null or until_on >= a_day)))
                      order by placement.from_on)
        from accounts_placement placement
        join accounts_department department on department.id = placement.department_id
       where placement.user_id = any(our_members) and placement.from_on <= a_day
         and (placement.until_on is null or placement.until_on >= a_day)),
    'confirmed', (
      select json_agg(json_build_array(group_id, user_id, at))
        from (select rules.group_id, confirmation.user_id, min(confirmation.confirmed_at) as at
                from programs_groundrules rules
                join programs_groundrulesconfirmation confirmation on confirmation.ground_rules_id = rules.id
               where rules.group_id = any(our_groups) group by 1, 2) confirmed),
    'duties', (
      select json_agg(json_build_array(user_id, at))
        from (select user_id, max(until_at) as at from accounts_busytime
               where user_id = any(our_members) and kind in ('duty', 'post_night') group by 1) duties),
    'clashes', (
      select json_agg(json_build_array(id, missed))
        from (select member.id, json_agg(distinct session.id::text) as missed
                from programs_membership member
                join accounts_busytime busy on busy.user_id = member.user_id
                join intervision_sessions_groupsession session
                  on session.group_id = member.group_id
                 and busy.from_at < session.ends_at and busy.until_at > session.starts_at
               where member.program_id = a_program and busy.user_id = any(our_members)
                 and busy.kind in ('duty', 'post_night', 'leave')
               group by 1) clashes),
    'sessions', (
      select json_agg(json_build_array(
               session.id, session.group_id, session.starts_at, session.ends_at, session.state,
               session.first_planned_at, session.refreshments, session.started_at, session.ended_at,
               room.on_hospital_site, room.daylight, room.comfortable_temperature,
               log.own_case, log.next_step, log.themes, log.answers))
        from intervision_sessions_groupsession session
        left join programs_room room on room.id = session.room_id
        left join intervision_sessions_sessionlog log on log.session_id = session.id
       where session.group_id = any(our_groups)),
    'present', (
      select json_agg(json_build_array(session_id, came))
        from (select session_id, json_agg(membership_id) as came from intervision_sessions_attendance
               where session_id = any(our_sessions) and state = 'present' group by 1) present),
    'interrupted', (
      select json_agg(json_build_array(session_id, times))
        from (select session_id, sum(count) as times from intervision_sessions_interruption
               where session_id = any(our_sessions) group by 1) interrupted),
    -- As programs/independence.py asks: who evaluates whom, and of whom it was declared that they do not.
    'evaluating', (
      select json_agg(json_build_array(evaluator_id, resident_id)) from programs_evaluation
       where evaluator_id = any(our_people) and resident_id = any(our_members)
         and not isempty(period * daterange(a_day, null, '[]'))),
    'declared_independent', (
      select json_agg(json_build_array(guide.user_id, named.user_id))
        from programs_guide guide
        join programs_independencedeclaration declaration on declaration.guide_id = guide.id
        join programs_independencedeclaration_members named
          on named.independencedeclaration_id = declaration.id
       where guide.user_id = any(our_people) and named.user_id = any(our_members)));
end
$$
"""


class Migration(migrations.Migration):
    dependencies = [
        ("checklist", "0001_declarations_and_justifications"),
        ("intervision_sessions", "0003_occupations_know_their_group"),
        ("programs", "0002_independence_guard"),
    ]
    operations = [migrations.RunSQL(READING, "drop function checklist_reading(uuid, date)")]
