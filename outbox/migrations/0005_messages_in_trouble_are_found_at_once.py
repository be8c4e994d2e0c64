from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("outbox", "0004_hold_after_restore")]
    operations = [
        migrations.AddIndex(
            model_name="message",
            index=models.Index(
                fields=["about_id"],
                name="outbox_message_in_trouble",
                condition=Q(state__in=("dead", "unknown")) | Q(state="pending") & ~Q(error_class=""),
            ),
        ),
    ]
