import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

#: Of a relation that is gone its house is no longer known: where the resident was placed last, else any.
FROM_THE_RELATION = """
update programs_evaluativerelationevent event set institution_id = coalesce(
    (select institution_id from programs_evaluativerelation relation where relation.id = event.pgh_obj_id),
    (select department.institution_id from accounts_placement placement
       join accounts_department department on department.id = placement.department_id
      where placement.user_id = event.resident_id order by placement.from_on desc limit 1),
    (select id from accounts_institution order by created_at limit 1))
"""


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0007_own_periods_and_privacy_officer"),
        ("programs", "0011_suspended_are_found_at_once"),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name="evaluativerelation",
            name="insert_insert",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="evaluativerelation",
            name="update_update",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="evaluativerelation",
            name="delete_delete",
        ),
        migrations.AddField(
            "evaluativerelationevent",
            "institution",
            models.ForeignKey(
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="accounts.institution",
            ),
        ),
        migrations.RunSQL(FROM_THE_RELATION, migrations.RunSQL.noop),
        migrations.AlterField(
            "evaluativerelationevent",
            "institution",
            models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="accounts.institution",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="evaluativerelation",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "programs_evaluativerelationevent" ("evaluator_id", "from_on", "id", "institution_id", "kind", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "resident_id", "until_on") SELECT new_values."evaluator_id", new_values."from_on", new_values."id", new_values."institution_id", new_values."kind", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, CLOCK_TIMESTAMP(), \'insert\', new_values."id", new_values."resident_id", new_values."until_on" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;',
                    hash="47903cd637e192169b4a5210070aed4fd5269698",
                    level="STATEMENT",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_caa4d",
                    referencing="REFERENCING NEW TABLE AS new_values ",
                    table="programs_evaluativerelation",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="evaluativerelation",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "programs_evaluativerelationevent" ("evaluator_id", "from_on", "id", "institution_id", "kind", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "resident_id", "until_on") SELECT new_values."evaluator_id", new_values."from_on", new_values."id", new_values."institution_id", new_values."kind", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, CLOCK_TIMESTAMP(), \'update\', new_values."id", new_values."resident_id", new_values."until_on" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values."evaluator_id" IS DISTINCT FROM (new_values."evaluator_id") OR old_values."from_on" IS DISTINCT FROM (new_values."from_on") OR old_values."id" IS DISTINCT FROM (new_values."id") OR old_values."institution_id" IS DISTINCT FROM (new_values."institution_id") OR old_values."kind" IS DISTINCT FROM (new_values."kind") OR old_values."resident_id" IS DISTINCT FROM (new_values."resident_id") OR old_values."until_on" IS DISTINCT FROM (new_values."until_on")) ) AS new_values, _pgh_attached_context; RETURN NULL;',
                    hash="804688d468419a23f97e2ded043608e60a7961fb",
                    level="STATEMENT",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_91d7a",
                    referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                    table="programs_evaluativerelation",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="evaluativerelation",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "programs_evaluativerelationevent" ("evaluator_id", "from_on", "id", "institution_id", "kind", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "resident_id", "until_on") SELECT old_values."evaluator_id", old_values."from_on", old_values."id", old_values."institution_id", old_values."kind", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, CLOCK_TIMESTAMP(), \'delete\', old_values."id", old_values."resident_id", old_values."until_on" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;',
                    hash="2eb850d8c28a986f66f342000b72a95c613770c8",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_5ab88",
                    referencing="REFERENCING OLD TABLE AS old_values ",
                    table="programs_evaluativerelation",
                    when="AFTER",
                ),
            ),
        ),
    ]
