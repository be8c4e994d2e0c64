import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

# The application may add and read events, never change them. What it may ask for is that old ones go, and a caller's
# mistake cannot make that sooner than the 36 months that people were told.
PURGE = """
create function vault_purge_events(before timestamptz) returns bigint
language sql security definer set search_path = public, pg_temp as $$
    with gone as (
        delete from vault_accessevent where at < least(before, now() - interval '36 months') returning 1
    )
    select count(*) from gone
$$;
"""


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="HouseKey",
            fields=[
                ("kek", models.CharField(db_index=True, max_length=40)),
                ("wrapped", models.BinaryField(null=True)),
                ("name", models.CharField(max_length=20, primary_key=True, serialize=False)),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="KeyCheck",
            fields=[
                ("kek", models.CharField(max_length=40, primary_key=True, serialize=False)),
                ("value", models.BinaryField()),
            ],
        ),
        migrations.CreateModel(
            name="AccessEvent",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("at", models.DateTimeField()),
                ("actor_id", models.UUIDField()),
                ("owner_id", models.UUIDField()),
                ("kind", models.CharField(max_length=60)),
                ("about_id", models.UUIDField()),
            ],
            options={
                "indexes": [models.Index(fields=["owner_id", "-at"], name="vault_accessevent_of_owner")],
            },
        ),
        migrations.CreateModel(
            name="Vault",
            fields=[
                ("kek", models.CharField(db_index=True, max_length=40)),
                ("wrapped", models.BinaryField(null=True)),
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("shredded_at", models.DateTimeField(null=True)),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("shredded_at__isnull", True)),
                        fields=("owner",),
                        name="vault_vault_one_open_each",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("shredded_at__isnull", True), ("wrapped__isnull", False)),
                            models.Q(("shredded_at__isnull", False), ("wrapped__isnull", True)),
                            _connector="OR",
                        ),
                        name="vault_vault_shredded_has_no_key",
                    ),
                ],
            },
        ),
        migrations.RunSQL(PURGE, "drop function vault_purge_events(timestamptz)"),
    ]
