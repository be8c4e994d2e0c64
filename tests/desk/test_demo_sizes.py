import pytest
from django.core.management import CommandError, call_command
from django.db.models import F

from accounts.models import User
from checklist.assessing import assess
from desk.demo.copies import HOUSE, INSIDE, SIZES
from intervision import clock, roles
from programs.models import Membership, Program
from sessions.models import Attendance

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def test_a_hospital_is_the_small_one_ten_times_and_every_copy_holds_together(settings):
    settings.DEMO, settings.DEMO_SIZE = True, "hospital"

    call_command("demo")
    with roles.owner():
        call_command("enlarge_demo", "hospital")

    coordinator = User.objects.get(email="coordinator@demo.example")
    copies = SIZES["hospital"].inside
    assert Program.objects.coordinated_by(coordinator).count() == Program.objects.count()
    running = Program.objects.filter(stage="running", title__startswith="Intervisie 2026: eerste ronde")
    assert running.count() == 1 + copies
    assert not Membership.objects.filter(group__isnull=False).exclude(group__program=F("program")).exists()
    assert not Attendance.objects.exclude(session__group=F("membership__group")).exists()
    at = clock.now()
    first, *others = (assess(program, at).score for program in running.select_related("institution"))
    assert all(other.layers == first.layers for other in others)


def test_what_a_copy_points_to_is_copied_before_it():
    for model in INSIDE:
        pointed = {field.related_model for field in model._meta.concrete_fields if field.related_model}
        later = set(INSIDE[INSIDE.index(model) + 1 :])
        assert not pointed & later, model
    assert not {*HOUSE} & {*INSIDE}


def test_an_unknown_size_is_refused(settings):
    settings.DEMO = True
    with pytest.raises(CommandError, match="invalid choice"):
        call_command("enlarge_demo", "enormous")
    assert not User.objects.exists()
