from datetime import timedelta

import pytest
from django.db import IntegrityError
from django.utils import timezone

from intervision import clock
from intervision.models import DemoClock

WEEK = timedelta(weeks=1)


@pytest.fixture
def demonstration(settings):
    settings.DEMO = True
    yield
    clock._ahead.set(None)


@pytest.mark.django_db
def test_the_clock_is_real_time_outside_a_demonstration():
    DemoClock.objects.create(ahead=WEEK)

    assert abs(clock.now() - timezone.now()) < timedelta(seconds=1)
    with pytest.raises(ValueError, match="only in a demonstration"):
        clock.advance(WEEK)


@pytest.mark.django_db
def test_a_demonstration_runs_ahead_by_what_was_stored(demonstration):
    clock.advance(WEEK)
    clock.advance(WEEK)

    assert (
        timedelta(0) <= clock.now() - timezone.now() - 2 * WEEK + timedelta(seconds=1) < timedelta(seconds=2)
    )


@pytest.mark.django_db
def test_a_request_reads_the_clock_once(demonstration, django_assert_num_queries):
    clock.read()

    with django_assert_num_queries(0):
        clock.now()


@pytest.mark.django_db
def test_the_clock_never_goes_back(demonstration):
    with pytest.raises(ValueError, match="forward"):
        clock.advance(-WEEK)
    with pytest.raises(IntegrityError):
        DemoClock.objects.create(ahead=-WEEK)
