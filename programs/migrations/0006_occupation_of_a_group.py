import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("programs", "0005_joining_and_interest"),
    ]

    operations = [
        migrations.AddField(
            model_name="occupation",
            name="group",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="occupations",
                to="programs.group",
            ),
        ),
    ]
