"""Storing a checked list of people, all of it or nothing, and taking it back."""

import datetime as dt
import uuid
from collections.abc import Callable, Iterable
from typing import Any, TypeVar
from uuid import UUID

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password
from django.db import models, transaction

from accounts.models import Availability, Department, Institution, Placement, User
from intervision import clock
from outbox.actions.jobs import start_job
from outbox.models import Job
from programs import steps
from programs.actions.people_check import AT_ONCE, PLACEMENT_FIELDS, Outcome, Planned, evaluate
from programs.actions.people_known import House, house_of, name_key
from programs.errors import ImportHasQuestions, ImportStored, InvitationsOut, ProgramOver
from programs.locking import lock_program
from programs.models import EvaluativeRelation, Membership, PeopleImport

JOB = "people-import"
BATCH = 200
#: Nobody's mail arrives there (RFC 2606): supervisors known by name only.
NO_ADDRESS = "unknown.invalid"

#: Called with how many rows are done; False asks to stop, and then nothing is stored.
Step = Callable[[int], bool]
Row = TypeVar("Row", bound=models.Model)


class Stopped(Exception):
    """Somebody asked to stop; the transaction is rolled back."""


def confirm(people_import: PeopleImport, *, by: User) -> Any:
    """Store the list: at once, or in the background when it is long. Returns the job, or None when stored.

    Raises ImportStored, ImportHasQuestions and ProgramOver, having changed nothing.
    """
    if people_import.program.is_over:
        raise ProgramOver
    if len(people_import.rows) <= AT_ONCE:
        store(people_import)
        return None
    if evaluate(people_import).questions:
        raise ImportHasQuestions
    with transaction.atomic():
        checked = PeopleImport.objects.filter(pk=people_import.pk, state=PeopleImport.State.CHECKED)
        if not checked.update(state=PeopleImport.State.STORING):
            raise ImportStored
        rows = len(people_import.rows)
        job = start_job(JOB, about_id=people_import.pk, by=by, at=clock.now(), total=rows)
        PeopleImport.objects.filter(pk=people_import.pk).update(job_id=job.pk)
    return job


@transaction.atomic
def store(people_import: PeopleImport, *, step: Step = lambda done: True) -> PeopleImport:
    """Store all good rows, or none. Returns the import as saved.

    Raises ImportStored, ImportHasQuestions, ProgramOver and Stopped, having changed nothing.
    """
    waiting = (PeopleImport.State.CHECKED, PeopleImport.State.STORING)
    locked = PeopleImport.objects.select_for_update(of=("self",)).select_related("program__institution")
    stored = locked.get(pk=people_import.pk)
    if stored.state not in waiting:
        raise ImportStored
    if stored.program.is_over:
        raise ProgramOver
    # Lists of one house one after the other: each compares with what the one before it stored.
    Institution.objects.select_for_update(no_key=True).get(pk=stored.program.institution_id)
    lock_program(stored.program_id)
    house = house_of(stored.program)
    outcome = evaluate(stored, house)
    if outcome.questions:
        raise ImportHasQuestions
    stored.made = _Storing(house, outcome, step).run()
    stored.counts = outcome.counts
    stored.state, stored.stored_at, stored.rows = PeopleImport.State.STORED, clock.now(), []
    stored.save()
    steps.remember(stored.program, "people", "done")
    return stored


class _Storing:
    """One run over one list; every row it makes is named in ``made``, every row it changes in ``before``."""

    def __init__(self, house: House, outcome: Outcome, step: Step) -> None:
        self.house = house
        self.outcome = outcome
        self.step = step
        self.institution = house.program.institution
        self.plans = [plan for plan in outcome.planned if plan.what in ("add", "change")]
        self.made: dict[str, list[str]] = {}
        self.before: list[list[Any]] = []
        self.person: dict[int, UUID] = {}
        self.today = self.institution.on_day(clock.now())

    def run(self) -> dict[str, Any]:
        self._departments()
        self._residents()
        self._change_users()
        self._placements()
        self._grids()
        self._supervisors()
        self._memberships()
        return {**self.made, "before": self.before}

    def _keep(self, kind: str, rows: Iterable[models.Model]) -> None:
        self.made.setdefault(kind, []).extend(str(row.pk) for row in rows)

    def _add(self, kind: str, rows: list[Row], *, racing: bool = False) -> None:
        """Insert in batches, telling how far it is. ``racing`` rows may have been made by somebody meanwhile."""
        model = type(rows[0]) if rows else None
        for start in range(0, len(rows), BATCH):
            if not self.step(start):
                raise Stopped
            batch = rows[start : start + BATCH]
            assert model is not None  # noqa: S101
            model._default_manager.bulk_create(batch, ignore_conflicts=racing)
        self._keep(kind, rows)

    def _departments(self) -> None:
        names = list(self.outcome.new_departments)
        if (
            self.outcome.without_department
            and self._unknown_department().casefold() not in self.house.departments
        ):
            names.append(self._unknown_department())
        made = [Department(institution=self.institution, name=name[:120]) for name in names]
        self._add("departments", made)
        self.house.departments |= {row.name.casefold(): row for row in made}

    def _unknown_department(self) -> str:
        """Where somebody is placed whose department the list does not give."""
        return "Afdeling nog niet bekend" if self.institution.language == "nl" else "Department not yet known"

    def _new_user(self, name: str, email: str) -> User:
        return User(
            name=name,
            email=email.lower(),
            language=self.institution.language,
            password=make_password(None),
        )

    def _find_or_make(self, wanted: dict[str, str]) -> dict[str, UUID]:
        """The person behind each address of ``wanted`` (address to name), whoever made them and wherever."""
        addresses = [email.lower() for email in wanted]
        found = people_behind(addresses)
        new = [self._new_user(name, email) for email, name in wanted.items() if email.lower() not in found]
        self._add("users", new, racing=True)
        found |= people_behind([user.email for user in new])
        lost = {str(user.pk) for user in new} - {str(pk) for pk in found.values()}
        self.made["users"] = [pk for pk in self.made["users"] if pk not in lost]
        return found

    def _residents(self) -> None:
        new = [plan for plan in self.plans if plan.person is None]
        found = self._find_or_make({plan.row.values.email: plan.row.values.name for plan in new})
        for plan in self.plans:
            self.person[plan.row.number] = plan.person or found[plan.row.values.email.lower()]

    def _change(self, row: models.Model, **values: Any) -> None:
        before = {name: _plain(getattr(row, name)) for name in values}
        self.before.append([row._meta.label, str(row.pk), before])
        for name, value in values.items():
            setattr(row, name, value)
        row.save(update_fields=[*values])

    def _change_users(self) -> None:
        for plan in self.plans:
            given, changed = plan.row.values, {}
            if "name" in plan.changed:
                changed["name"] = given.name
            if "email" in plan.changed and not people_behind([given.email.lower()]):
                changed["email"] = given.email.lower()
            if changed and plan.person:
                self._change(self.house.people[plan.person], **changed)

    def _placements(self) -> None:
        self._add("placements", [row for plan in self.plans if (row := self._placement(plan))])

    def _placement(self, plan: Planned) -> Placement | None:
        """A new placement, or None when the present one is right or has been mended."""
        given, person = plan.row.values, self.person[plan.row.number]
        present = self.house.placements.get(person)
        mended = {name: getattr(given, name) for name in PLACEMENT_FIELDS if name in plan.changed}
        moves = "department" in plan.changed or present is None
        if present and not moves:
            if mended:
                self._change(present, **mended)
            return None
        department = self.house.departments[(given.department or self._unknown_department()).casefold()]
        if present and present.from_on >= self.today:
            self._change(present, department_id=department.pk, **mended)
            return None
        kept = {name: getattr(present, name) for name in PLACEMENT_FIELDS} if present else {}
        if present:
            self._change(present, until_on=self.today - dt.timedelta(days=1))
        values = {name: getattr(given, name) or kept.get(name) for name in PLACEMENT_FIELDS}
        values |= {name: values[name] or "" for name in PLACEMENT_FIELDS if name != "training_year"}
        return Placement(user_id=person, department=department, from_on=self.today, **values)

    def _grids(self) -> None:
        given = {self.person[plan.row.number]: plan.row.values.grid for plan in self.plans}
        wanted = {person: grid for person, grid in given.items() if grid}
        has = set(Availability.objects.filter(user__in=wanted).values_list("user", flat=True))
        new = [Availability(user_id=pk, answers=grid) for pk, grid in wanted.items() if pk not in has]
        self._add("availabilities", new)

    def _supervisors(self) -> None:
        named = self._people_named({one for plan in self.plans for one in plan.row.values.supervisors})
        pairs = {
            (evaluator, self.person[plan.row.number]): None
            for plan in self.plans
            for one in plan.row.values.supervisors
            for evaluator in named[one]
        }
        new = [
            EvaluativeRelation(
                institution=self.institution,
                evaluator_id=evaluator,
                resident_id=resident,
                source=EvaluativeRelation.Source.IMPORT,
                from_on=self.today,
            )
            for evaluator, resident in pairs
            if evaluator != resident and evaluator not in self.house.supervisors[resident]
        ]
        self._add("relations", new, racing=True)

    def _people_named(self, texts: set[str]) -> dict[str, list[UUID]]:
        """The people behind supervisors' names and addresses; those nobody knows are made, without sign-in."""
        ordered = sorted(texts)
        known = {text: list(self.house.named(text)) for text in ordered}
        addresses = {text: text.split("@")[0] for text in ordered if "@" in text and not known[text]}
        found = self._find_or_make(addresses)
        by_name: dict[tuple[str, ...], str] = {}
        for text in ordered:
            if "@" not in text and not known[text]:
                by_name.setdefault(name_key(text), text)
        made = {
            key: self._new_user(text, f"{uuid.uuid4().hex}@{NO_ADDRESS}") for key, text in by_name.items()
        }
        self._add("users", list(made.values()))
        return {text: known[text] or [self._one(text, found, made)] for text in ordered}

    def _one(self, text: str, found: dict[str, UUID], made: dict[tuple[str, ...], User]) -> UUID:
        return found[text.lower()] if "@" in text else made[name_key(text)].pk

    def _memberships(self) -> None:
        new = [
            Membership(
                program=self.house.program,
                user_id=self.person[plan.row.number],
                given_name="" if plan.person else plan.row.values.name,
                given_email="" if plan.person else plan.row.values.email.lower(),
            )
            for plan in self.plans
            if plan.what == "add"
        ]
        self._add("memberships", new, racing=True)


def people_behind(addresses: list[str]) -> dict[str, UUID]:
    """Who has each of these addresses (small letters), as preferred or as another verified one."""
    others = EmailAddress.objects.filter(email__in=addresses, verified=True)
    found = {email.lower(): pk for email, pk in others.values_list("email", "user")}
    return found | dict(User.objects.filter(email__in=addresses).values_list("email", "pk"))


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, dt.date | UUID) else value


CHANGED_MODELS: dict[str, type[models.Model]] = {m._meta.label: m for m in (User, Placement)}


def can_be_undone(people_import: PeopleImport) -> bool:
    return people_import.state == PeopleImport.State.STORED and not _invited(people_import).exists()


def _invited(people_import: PeopleImport) -> models.QuerySet[Membership]:
    made = people_import.made.get("memberships", [])
    return Membership.objects.filter(pk__in=made, invited_at__isnull=False)


@transaction.atomic
def undo(people_import: PeopleImport) -> PeopleImport:
    """Take back exactly what the import made and changed. Returns it as saved.

    People it made who have got another tie meanwhile stay. Raises ImportStored when there is nothing
    to take back and InvitationsOut when one of them was invited, having changed nothing.
    """
    stored = PeopleImport.objects.select_for_update().get(pk=people_import.pk)
    if stored.state != PeopleImport.State.STORED:
        raise ImportStored
    # Seats are locked first, so that no invitation goes out between the question and the deletion.
    made = stored.made
    list(Membership.objects.select_for_update().filter(pk__in=made["memberships"]).order_by("pk"))
    if _invited(stored).exists():
        raise InvitationsOut
    Membership.objects.filter(pk__in=made["memberships"]).delete()
    EvaluativeRelation.objects.filter(pk__in=made["relations"]).delete()
    Placement.objects.filter(pk__in=made["placements"]).delete()
    Availability.objects.filter(pk__in=made["availabilities"]).delete()
    for label, pk, before in reversed(made["before"]):
        CHANGED_MODELS[label]._default_manager.filter(pk=pk).update(**before)
    _without_ties(made["users"]).delete()
    Department.objects.filter(pk__in=made["departments"], placements=None, rules=None).delete()
    stored.state, stored.undone_at = PeopleImport.State.UNDONE, clock.now()
    stored.save(update_fields=["state", "undone_at"])
    return stored


def _without_ties(pks: list[str]) -> models.QuerySet[User]:
    ties = ("placements", "memberships", "appointments", "guided", "evaluates", "evaluated_by")
    more = ("program_coordinations", "department_rules", "invitations", "training_records")
    nothing = dict.fromkeys((*ties, *more), None)
    untouched = User.objects.filter(pk__in=pks, **nothing)
    people: models.QuerySet[User] = User.objects.filter(pk__in=list(untouched.values_list("pk", flat=True)))
    return people


def reopen(people_import: PeopleImport) -> PeopleImport:
    """Let a list be confirmed again whose work in the background ended without storing it."""
    storing = PeopleImport.objects.filter(pk=people_import.pk, state=PeopleImport.State.STORING)
    job = Job.objects.filter(pk=people_import.job_id).first() if people_import.job_id else None
    if job and job.is_finished and job.state != Job.State.DONE:
        storing.update(state=PeopleImport.State.CHECKED)
        people_import.refresh_from_db()
    return people_import
