import datetime as dt

import factory
from factory.django import DjangoModelFactory

from accounts.models import Appointment, ClosedDay, Department, HelpContact, Institution, Placement, User

LONG_AGO = dt.date(2020, 1, 1)


class UserFactory(DjangoModelFactory[User]):
    class Meta:
        model = User

    name = factory.Sequence(lambda n: f"Person {n}")
    email = factory.Sequence(lambda n: f"person{n}@example.org")
    language = "en"
    password = "!"


class InstitutionFactory(DjangoModelFactory[Institution]):
    class Meta:
        model = Institution

    name = factory.Sequence(lambda n: f"Hospital {n}")
    slug = factory.Sequence(lambda n: f"hospital-{n}")
    language = "en"


class DepartmentFactory(DjangoModelFactory[Department]):
    class Meta:
        model = Department

    institution = factory.SubFactory(InstitutionFactory)
    name = factory.Sequence(lambda n: f"Department {n}")


class AppointmentFactory(DjangoModelFactory[Appointment]):
    class Meta:
        model = Appointment

    user = factory.SubFactory(UserFactory)
    institution = factory.SubFactory(InstitutionFactory)
    role = "coordinator"
    from_on = LONG_AGO


class PlacementFactory(DjangoModelFactory[Placement]):
    class Meta:
        model = Placement

    user = factory.SubFactory(UserFactory)
    department = factory.SubFactory(DepartmentFactory)
    training_year = 1
    from_on = LONG_AGO


class HelpContactFactory(DjangoModelFactory[HelpContact]):
    class Meta:
        model = HelpContact

    institution = factory.SubFactory(InstitutionFactory)
    kind = "talk"
    label_en = "Company doctor"
    label_nl = "Bedrijfsarts"
    phone = "010 123 45 67"


class ClosedDayFactory(DjangoModelFactory[ClosedDay]):
    class Meta:
        model = ClosedDay

    institution = factory.SubFactory(InstitutionFactory)
    on = factory.Sequence(lambda n: dt.date(2099, 1, 1) + dt.timedelta(days=n))
    label = "Day of the hospital"
