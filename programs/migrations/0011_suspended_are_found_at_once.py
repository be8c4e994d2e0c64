from django.db import migrations, models
from django.db.models import Q

SUSPENDED = Q(suspended_from__isnull=False)


class Migration(migrations.Migration):
    dependencies = [("programs", "0010_names_as_given")]
    operations = [
        migrations.AddIndex(
            model_name="guide",
            index=models.Index(fields=["group"], name="programs_guide_suspended", condition=SUSPENDED),
        ),
        migrations.AddIndex(
            model_name="membership",
            index=models.Index(fields=["program"], name="programs_membership_suspended", condition=SUSPENDED),
        ),
    ]
