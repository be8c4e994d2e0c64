import importlib
import pkgutil
from collections.abc import Iterator

import pytest
from django import forms
from django.urls import reverse

import accounts.forms
import planning.forms
import programs.forms
import sessions.forms
from intervision.days import DayField
from tests.access.test_access import signed_in
from tests.access.world import House


@pytest.mark.parametrize("day", ["0001-01-01", "1949-12-31", "2101-01-01", "9999-12-31"])
def test_a_day_nobody_can_mean_is_refused(day):
    with pytest.raises(forms.ValidationError, match="1950"):
        DayField().clean(day)


def all_forms() -> Iterator[type[forms.BaseForm]]:
    for room in (accounts.forms, programs.forms, sessions.forms, planning.forms):
        for module in pkgutil.iter_modules(room.__path__, f"{room.__name__}."):
            found = vars(importlib.import_module(module.name)).values()
            yield from (one for one in found if isinstance(one, type) and issubclass(one, forms.BaseForm))


def test_every_form_that_asks_for_a_day_refuses_the_impossible_ones():
    fields = [(form, name, field) for form in all_forms() for name, field in form.base_fields.items()]
    days = [(form, name, field) for form, name, field in fields if isinstance(field, forms.DateField)]

    assert len(days) > 12
    assert [(form, name) for form, name, field in days if not isinstance(field, DayField)] == []


@pytest.mark.django_db
@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_a_session_cannot_move_to_the_end_of_time(day):
    house = House()
    page = reverse("sessions:move", args=[house.session.pk])

    answer = signed_in(house.intervisor).post(page, {"on": day, "at": "23:59", "minutes": "600"})

    assert answer.status_code == 422


@pytest.mark.django_db
def test_a_day_off_at_the_end_of_time_is_refused():
    house = House()
    page = reverse("sessions:day-off", args=[house.program.pk])

    assert signed_in(house.coordinator).get(page, {"on": "9999-12-31"}).status_code == 422
