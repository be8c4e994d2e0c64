"""Events of a house that did not choose a shorter period stay as long as the table says, whoever asks."""

from importlib import import_module

from django.db import migrations

EARLIER = import_module("vault.migrations.0002_events_know_their_house").PURGE
PURGE = """
create or replace function vault_purge_events_of(house uuid, before timestamptz) returns bigint
language sql security definer set search_path = public, pg_temp as $$
    with chosen as (
        select coalesce((select (own_periods->>'access_events')::int from accounts_institution where id = house), 36)
               as months
    ), gone as (
        delete from vault_accessevent
         where house_id = house
           and at < (select least(before, now() - make_interval(months => greatest(12, least(36, months))))
                       from chosen)
        returning 1
    )
    select count(*) from gone
$$;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("vault", "0002_events_know_their_house"),
        ("accounts", "0007_own_periods_and_privacy_officer"),
    ]
    operations = [
        migrations.RunSQL(PURGE, EARLIER.replace("create function", "create or replace function")),
    ]
