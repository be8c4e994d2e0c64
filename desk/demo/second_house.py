"""The second hospital of the demonstration: a department for each program that shows what the checklist says."""

import datetime as dt

from accounts.models import Appointment, Department, HelpContact, Institution, Placement, User
from desk.demo import names
from desk.demo.house import CONTACTS, House
from desk.demo.shapes import Shape
from programs.actions import guides as directory
from programs.models import FacilitatorProfile, Room, TrainingRecord

COORDINATOR = "examples@demo.example"
DIRECTOR = "examples-director@demo.example"
#: Where the numbers begin from which names are made, so that nobody is somebody of the first hospital.
RESIDENTS, GUIDES, SUPERVISORS = 300, 600, 650


def build(now: dt.datetime) -> House:
    institution = Institution.objects.create(name="AZ Zwinduin", slug="zwinduin", country="BE")
    today = institution.on_day(now)
    coordinator = _person(COORDINATOR, "Griet Verlinden")
    director = _person(DIRECTOR, "Veerle Claessens")
    independent = _person("vertrouwen.zwinduin@demo.example", "Lieven Maertens")
    long_ago = today - dt.timedelta(days=900)
    roles = {"coordinator": coordinator, "director": director, "independent": independent}
    for role, user in roles.items():
        Appointment.objects.create(user=user, institution=institution, role=role, from_on=long_ago)
    HelpContact.objects.bulk_create(
        HelpContact(
            institution=institution, kind=kind, label_en=label_en, label_nl=label_nl, phone=phone,
            hours_en=hours_en, hours_nl=hours_nl, order=order,
        )
        for order, (kind, label_en, label_nl, phone, hours_en, hours_nl) in enumerate(CONTACTS)
    )  # fmt: skip
    return House(institution, today, coordinator, coordinator, coordinator)


def staff(house: House, shape: Shape, number: int) -> None:
    """The department of ``shape``: its room, its residents, its guides and who assesses there."""
    since = house.day(-110)
    department = Department.objects.create(
        institution=house.institution, name=shape.department, specialty=shape.department,
        training_years=max(shape.years, 4) if shape.format == "peer_support" else 5,
    )  # fmt: skip
    daylight, pleasant = shape.room
    house.departments.append(department)
    house.rooms = [
        Room.objects.create(
            institution=house.institution, name=f"Zaal {shape.department}", site=f"Gebouw {number + 1}",
            daylight=daylight, comfortable_temperature=pleasant, capacity=14, on_hospital_site=True,
        )
    ]  # fmt: skip
    directory.keep_rule(department, _numbered(SUPERVISORS + number), from_on=since)
    house.residents = _residents(department, shape, number, since)
    house.guides = _guides(house, shape, number, since)


def _residents(department: Department, shape: Shape, number: int, since: dt.date) -> list[User]:
    """Two or more of each training year in each group."""
    first = RESIDENTS + 30 * number
    people = [names.name(first + n) for n in range(shape.groups * shape.size)]
    new = [User(name=name, email=names.address(name), language="nl", password="!") for name in people]  # noqa: S106
    made: list[User] = User.objects.bulk_create(new)
    Placement.objects.bulk_create(
        Placement(
            user=user, department=department, specialty=department.specialty, training_year=1 + n % shape.years,
            personnel_number=f"{70000 + first + n}", from_on=since,
        )
        for n, user in enumerate(made)
    )  # fmt: skip
    return made


def _guides(house: House, shape: Shape, number: int, since: dt.date) -> list[User]:
    people = [names.name(GUIDES + 3 * number + n) for n in range(shape.groups)]
    made: list[User] = User.objects.bulk_create(
        User(name=name, email=names.address(name), language="nl", password="!")  # noqa: S106
        for name in people
    )
    Appointment.objects.bulk_create(
        Appointment(user=user, institution=house.institution, role="intervisor", from_on=since)
        for user in made
    )
    FacilitatorProfile.objects.bulk_create(
        FacilitatorProfile(
            user=user, institution=house.institution, kind=shape.guide, insider=shape.guide == "alumnus",
            capacity=2, cbt_experience=shape.guide == "psychologist",
        )
        for user in made
    )  # fmt: skip
    TrainingRecord.objects.bulk_create(
        TrainingRecord(user=user, topic=topic, hours=hours, on=since, trainer="Academie")
        for user in made
        for topic, hours in shape.training.items()
    )
    return made


def _numbered(number: int) -> User:
    return _person(names.address(names.name(number)), names.name(number))


def _person(email: str, name: str) -> User:
    user: User = User.objects.create_user(email, name=name, language="nl")
    return user
