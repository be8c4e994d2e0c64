"""The hospital itself: departments, rooms, closed days, whom to call, and everybody who works there."""

import datetime as dt
import random
from dataclasses import dataclass, field

from accounts.models import (
    Appointment,
    Availability,
    ClosedDay,
    Department,
    HelpContact,
    Institution,
    Placement,
    User,
)
from desk.demo import names
from programs.actions import guides as directory
from programs.models import FacilitatorProfile, Room, TrainingRecord

RESIDENTS = 150
ROLES = {
    "coordinator": "Marijke Tolsma",
    "intervisor": "Pieter van Aalst",
    "director": "Saskia Rooijakkers",
    "administrator": "Henk Duursma",
    "independent": "Tineke Wouda",
    "privacy": "Jelle Haanstra",
}
RESIDENT = "Noor Hakimi"
#: Name, specialty, years of training, whether its assessing staff is kept up to date.
DEPARTMENTS = [
    ("Interne geneeskunde", "Interne geneeskunde", 6, True),
    ("Heelkunde", "Heelkunde", 6, True),
    ("Kindergeneeskunde", "Kindergeneeskunde", 5, True),
    ("Anesthesiologie", "Anesthesiologie", 5, True),
    ("Spoedeisende hulp", "Spoedeisende geneeskunde", 3, True),
    ("Neurologie", "Neurologie", 6, True),
    ("Psychiatrie", "Psychiatrie", 4, False),
    ("Verloskunde en gynaecologie", "Gynaecologie", 6, True),
]
ROOMS = [
    ("Tuinkamer", "Begane grond, route 12", True, True, 14),
    ("Bibliotheek", "Eerste verdieping, route 48", True, True, 12),
    ("Kapelzaal", "Begane grond, route 3", True, False, 20),
    ("Overleg 4.11", "Vierde verdieping", False, True, 10),
    ("Overleg 4.12", "Vierde verdieping", False, False, 10),
    ("Collegezaal 2", "Begane grond, route 20", False, True, 24),
    ("Serre", "Tweede verdieping, route 61", True, True, 12),
    ("Huis aan de Vest", "Buiten het terrein, Vest 8", True, True, 16),
]
GUIDES = [
    ("coach", False, 3), ("coach", True, 2), ("physician", True, 2), ("psychologist", False, 3),
    ("coach", False, 2), ("physician", True, 2), ("alumnus", True, 2), ("psychologist", True, 3),
    ("alumnus", True, 2), ("coach", False, 2), ("physician", False, 2), ("alumnus", True, 2),
]  # fmt: skip
CONTACTS = [
    ("talk", "Confidential counsellor", "Vertrouwenspersoon", "0113 555 201",
     "Monday to Friday, 9:00 to 17:00", "Maandag tot en met vrijdag, 9.00 tot 17.00 uur"),
    ("talk", "Company doctor", "Bedrijfsarts", "0113 555 214",
     "Monday to Thursday, 8:30 to 12:30", "Maandag tot en met donderdag, 8.30 tot 12.30 uur"),
    ("emergency", "Crisis line of the hospital", "Crisislijn van het ziekenhuis", "0113 555 112",
     "Day and night", "Dag en nacht"),
    ("emergency", "General emergency number", "Algemeen alarmnummer", "112", "Day and night", "Dag en nacht"),
    ("worried", "Psychiatrist on duty", "Dienstdoend psychiater", "0113 555 130",
     "Day and night", "Dag en nacht"),
]  # fmt: skip


@dataclass
class House:
    """What the programs of the demonstration are made of."""

    institution: Institution
    today: dt.date
    coordinator: User
    intervisor: User
    resident: User
    guides: list[User] = field(default_factory=list)
    residents: list[User] = field(default_factory=list)
    rooms: list[Room] = field(default_factory=list)
    departments: list[Department] = field(default_factory=list)
    dice: random.Random = field(default_factory=lambda: random.Random(2024))  # noqa: S311

    @property
    def monday(self) -> dt.date:
        return self.today - dt.timedelta(days=self.today.weekday())

    def day(self, weeks: int, weekday: int = 0) -> dt.date:
        """A day so many weeks from this one; weekday 0 is Monday."""
        return self.monday + dt.timedelta(weeks=weeks, days=weekday)

    def moment(self, weeks: int, hour: int = 9, weekday: int = 0) -> dt.datetime:
        at = dt.datetime.combine(self.day(weeks, weekday), dt.time(hour), self.institution.zone)
        return at.astimezone(dt.UTC)


def build(now: dt.datetime) -> House:
    institution = Institution.objects.create(name="Waterpoort Ziekenhuis", slug="waterpoort", country="NL")
    today = institution.on_day(now)
    long_ago = today - dt.timedelta(days=900)
    people = {role: _person(f"{role}@demo.example", name, "en") for role, name in ROLES.items()}
    for role, user in people.items():
        Appointment.objects.create(user=user, institution=institution, role=role, from_on=long_ago)
    house = House(
        institution, today, people["coordinator"], people["intervisor"],
        _person("resident@demo.example", RESIDENT, "en"),
    )  # fmt: skip
    _furnish(house)
    _staff(house, long_ago)
    _place_residents(house, long_ago)
    return house


def _person(email: str, name: str, language: str = "nl") -> User:
    """Nobody has a password: the demonstration is entered by its buttons and by links in its mails."""
    user: User = User.objects.create_user(email, name=name, language=language)
    return user


def _furnish(house: House) -> None:
    institution = house.institution
    house.departments = Department.objects.bulk_create(
        Department(institution=institution, name=name, specialty=specialty, training_years=years)
        for name, specialty, years, _kept in DEPARTMENTS
    )
    house.rooms = Room.objects.bulk_create(
        Room(
            institution=institution,
            name=name,
            site=site,
            daylight=daylight,
            comfortable_temperature=pleasant,
            capacity=seats,
            on_hospital_site="Buiten" not in site,
            booked_outside="verdieping" in site,
        )
        for name, site, daylight, pleasant, seats in ROOMS
    )
    HelpContact.objects.bulk_create(
        HelpContact(
            institution=institution, kind=kind, label_en=label_en, label_nl=label_nl, phone=phone,
            hours_en=hours_en, hours_nl=hours_nl, order=order,
        )
        for order, (kind, label_en, label_nl, phone, hours_en, hours_nl) in enumerate(CONTACTS)
    )  # fmt: skip
    ClosedDay.objects.bulk_create(
        ClosedDay(institution=institution, on=house.day(weeks, weekday), label=label)
        for weeks, weekday, label in [(5, 2, "Dag van de aios"), (11, 4, "Verhuizing polikliniek")]
    )


def _staff(house: House, since: dt.date) -> None:
    """Twelve guides with what they followed, and the supervisors whom no group may have."""
    for number, (kind, insider, capacity) in enumerate(GUIDES):
        user = house.intervisor if number == 0 else _guide(house, 900 + number, since)
        FacilitatorProfile.objects.update_or_create(
            user=user,
            institution=house.institution,
            defaults={
                "kind": kind,
                "insider": insider,
                "capacity": capacity,
                "cbt_experience": kind == "psychologist",
            },
        )
        house.guides.append(user)
        Availability.objects.create(user=user, answers="f" * 10 + "n" * 4)
        _train(user, kind, since)
    for number, department in enumerate(house.departments):
        supervisor = _named(700 + number)
        if DEPARTMENTS[number][3]:
            directory.keep_rule(department, supervisor, from_on=since)


def _guide(house: House, number: int, since: dt.date) -> User:
    name = names.name(number)
    profile = directory.add_guide(house.institution, name=name, email=names.address(name), on=since)
    return profile.user


def _named(number: int) -> User:
    return _person(names.address(names.name(number)), names.name(number))


def _train(user: User, kind: str, since: dt.date) -> None:
    topics = ["facilitation", "steering_away_from_negativity"]
    topics += ["cbt", "manual"] if kind == "psychologist" else []
    TrainingRecord.objects.bulk_create(
        TrainingRecord(
            user=user, topic=topic, hours=4 if topic == "facilitation" else 2, on=since, trainer="Academie"
        )
        for topic in topics
    )


def _place_residents(house: House, since: dt.date) -> None:
    """150 people in eight departments and all training years; the first is the one to sign in as."""
    people = [names.name(number) for number in range(1, RESIDENTS)]
    new = [User(name=name, email=names.address(name), language="nl", password="!") for name in people]  # noqa: S106
    house.residents = [house.resident, *User.objects.bulk_create(new)]
    Placement.objects.bulk_create(
        Placement(
            user=user,
            department=department,
            specialty=department.specialty,
            training_year=1 + (number * 5 // 8) % (department.training_years or 1),
            personnel_number=f"{41000 + number}",
            from_on=since + dt.timedelta(days=number % 60),
        )
        for number, user in enumerate(house.residents)
        for department in [house.departments[number % len(house.departments)]]
    )
    Availability.objects.bulk_create(
        Availability(user=user, answers=_week(house.dice)) for user in house.residents[:110]
    )


def _week(dice: random.Random) -> str:
    """Mornings are the harder half of a day; hardly anybody comes in a weekend."""
    days = "".join(dice.choice("frr" if half == 0 else "fffr") for _day in range(5) for half in (0, 1))
    return days + "nnnn"
