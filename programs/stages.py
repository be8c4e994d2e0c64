"""What stands between a program and its next stage (domain notes, 4): what blocks, and what only warns.

Each finding is a code, a sentence and the page that mends it. The stages after ``intakes`` depend on sessions
too; the room of the sessions asks these guards and adds its own.
"""

from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from django.db import connection
from django.db.models import Count, Exists, OuterRef, Q
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import BusyTime, HelpContact, Placement
from catalogue import load
from catalogue.kinds import Format
from intervision import clock
from programs import frame
from programs.actions.setup import TEXT_FIELDS, newest_text
from programs.models import GroundRules, Group, Guide, Intake, Membership, Occupation, Program

Stage = Program.Stage
#: Below this share of intakes held before the first session the papers' advice is not followed.
INTAKES_HELD = 0.9


class Finding(NamedTuple):
    code: str
    sentence: str
    url: str


def stages_of(program: Program) -> list[str]:
    """The stages of the program's format, in order."""
    return [stage.key for stage in load().formats[program.format].stages]


def next_stage(program: Program) -> str | None:
    """The stage that follows in this format; None at the end, and while paused or cancelled."""
    order = stages_of(program)
    if program.stage not in order or program.stage == order[-1]:
        return None
    return order[order.index(program.stage) + 1]


def blocks(program: Program, to: str) -> list[Finding]:
    """What must be mended before ``program`` moves to the stage ``to``. Empty means that it may."""
    if to == Stage.RECRUITING:
        return [*_before_recruiting(program), *(_groups_block(program) if program.groups.exists() else ())]
    if to == Stage.INTAKES:
        return list(_groups_block(program))
    if to == Stage.RUNNING:
        groups = [] if program.has_intakes else _groups_block(program)
        return [*groups, *_ground_rules_block(program)]
    return []


def warnings(program: Program, to: str) -> list[Finding]:
    """What is worth a look before that move; whoever goes on says in one line that they saw it."""
    if to == Stage.RECRUITING:
        return [*_recruiting_warnings(program), *_group_warnings(program), *_duty_clashes(program)]
    if to == Stage.INTAKES:
        return [*_group_warnings(program), *_duty_clashes(program)]
    if to == Stage.RUNNING:
        return [
            *(() if program.has_intakes else [*_group_warnings(program), *_duty_clashes(program)]),
            *(_intake_warnings(program) if program.has_intakes else ()),
        ]
    return []


def page(name: str, *args: object) -> str:
    """The address of a page; empty where the room that has it is not there."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""


def _before_recruiting(program: Program) -> Iterator[Finding]:
    yield from _conflicts(program)
    text = newest_text(program)
    if not all(getattr(text, name).strip() for name in TEXT_FIELDS):
        yield Finding(
            "text_missing",
            _("Purpose and limits are not written in both languages yet."),
            page("programs:texts", program.pk),
        )
    yield from _help_page(program)


def _help_page(program: Program) -> Iterator[Finding]:
    kinds = set(program.institution.help_contacts.values_list("kind", flat=True))
    if not {HelpContact.Kind.TALK, HelpContact.Kind.EMERGENCY} <= kinds:
        yield Finding(
            "help_missing",
            _("The help page does not say yet whom a participant can call, also in an emergency."),
            page("accounts:institution", program.institution.slug),
        )


def _conflicts(program: Program) -> Iterator[Finding]:
    with connection.cursor() as cursor:
        cursor.execute(
            """select count(*) from programs_conflict conflict
                 join programs_group grouping on grouping.id = conflict.group_id
                where grouping.program_id = %s""",
            [program.pk],
        )
        (found,) = cursor.fetchone() or (0,)
    if found:
        sentence = _("Somebody who evaluates a member is in, leads or runs that member's group.")
        yield Finding("evaluator_in_group", sentence, page("planning:groups", program.pk))


def _groups_block(program: Program) -> Iterator[Finding]:
    where = page("planning:groups", program.pk)
    leads = Guide.objects.active().filter(group=OuterRef("pk"), role=Guide.Role.LEAD)
    groups = list(program.groups.annotate(led=Exists(leads)).values_list("name", "led"))
    if not groups:
        yield Finding("no_groups", _("There are no groups yet."), where)
        return
    yield from _conflicts(program)
    without = [name for name, led in groups if not led]
    if without:
        sentence = ngettext(
            "%(names)s has nobody who leads it.", "%(names)s have nobody who leads them.", len(without)
        )
        yield Finding("no_lead", sentence % {"names": named(without)}, where)


def _ground_rules_block(program: Program) -> Iterator[Finding]:
    written = GroundRules.objects.filter(group=OuterRef("pk"))
    without = list(program.groups.exclude(Exists(written)).values_list("name", flat=True))
    if without:
        sentence = ngettext(
            "%(names)s has no ground rules yet.", "%(names)s have no ground rules yet.", len(without)
        )
        where = page("programs:ground-rules", program.pk)
        yield Finding("no_ground_rules", sentence % {"names": named(without)}, where)


def named(names: list[str]) -> str:
    """At most three names, and how many more."""
    shown = ", ".join(names[:3])
    more = len(names) - 3
    if more <= 0:
        return shown
    return _("%(shown)s and %(more)s more") % {"shown": shown, "more": more}


def _recruiting_warnings(program: Program) -> Iterator[Finding]:
    for word in frame.avoided_words(program.title, resilience_only=True):
        sentence = _("The name uses “%(word)s”, which keeps people away. %(instead)s") % {
            "word": word.word,
            "instead": word.instead,
        }
        yield Finding("resilience_word", sentence, page("programs:frame", program.pk))
    checked = program.steps.get("check")
    if checked != "done":
        sentence = (
            _("The check shows conditions that are not met yet.")
            if checked == "look"
            else _("Nobody has looked at the check of the conditions yet.")
        )
        yield Finding("readiness", sentence, page("checklist:check", program.pk))
    if program.joining == Program.Joining.PLACED and not program.memberships.live().exists():
        sentence = _("There is nobody to invite yet, and people cannot join by themselves.")
        yield Finding("nobody", sentence, page("programs:people", program.pk))


def _group_warnings(program: Program) -> Iterator[Finding]:
    """Of every group with members: its size, the mix of its training years, peers in the same phase."""
    groups = list(program.groups.all())
    if not groups:
        return
    spec, where = load().formats[program.format], page("planning:groups", program.pk)
    years = _training_years(program)
    yield from _unplaced(program, where)
    for group in groups:
        members = years.get(group, [])
        if members:
            yield from _size(spec, group, len(members), where)
            if "training_year" in spec.asks:
                yield from _mix(group, members, where)


def _unplaced(program: Program, where: str) -> Iterator[Finding]:
    without = program.memberships.live().filter(group=None).count()
    if without and program.joining == Program.Joining.PLACED:
        sentence = ngettext("%(n)s person has no group yet.", "%(n)s people have no group yet.", without) % {
            "n": without
        }
        yield Finding("unplaced", sentence, where)


def _training_years(program: Program) -> dict[Group, list[int | None]]:
    """The training year of every member of each group, None where it is not known."""
    placed = Placement.objects.current().filter(department__institution=program.institution_id)
    year_of = dict(
        placed.filter(user__memberships__program=program)
        .order_by("from_on")
        .values_list("user", "training_year")
    )
    years: dict[Group, list[int | None]] = {}
    members = Membership.objects.taking_part().filter(program=program).select_related("group")
    for row in members:
        if row.group:
            years.setdefault(row.group, []).append(year_of.get(row.user_id))
    return years


def _size(spec: Format, group: Group, size: int, where: str) -> Iterator[Finding]:
    default = spec.defaults["group_size"]
    low, high = default.low, default.high
    if (low is not None and size < low) or (high is not None and size > high):
        sentence = _("%(group)s has %(size)s members; %(paper)s points to %(low)s to %(high)s.") % {
            "group": group.name,
            "size": size,
            "paper": spec.paper.short,
            "low": low,
            "high": high,
        }
        yield Finding("group_size", sentence, where)


def _mix(group: Group, years: list[int | None], where: str) -> Iterator[Finding]:
    known = Counter(year for year in years if year is not None)
    if len(years) > 1 and len(known) == 1 and known.total() == len(years):
        sentence = _("Everybody in %(group)s is in the same training year.") % {"group": group.name}
        yield Finding("single_year", sentence, where)
    alone = sum(1 for count in known.values() if count == 1)
    if alone and len(known) > 1:
        sentence = ngettext(
            "In %(group)s %(n)s member has nobody in the same phase of training.",
            "In %(group)s %(n)s members have nobody in the same phase of training.",
            alone,
        ) % {"group": group.name, "n": alone}
        yield Finding("no_peer", sentence, where)


def _duty_clashes(program: Program) -> Iterator[Finding]:
    """Planned sessions at which a member is known to be on duty or away; what is not known says nothing."""
    members = Membership.objects.taking_part().filter(group=OuterRef(OuterRef("group")))
    busy = BusyTime.objects.filter(
        user__in=members.values("user"),
        from_at__lt=OuterRef("period__endswith"),
        until_at__gt=OuterRef("period__startswith"),
    )
    planned = Occupation.objects.filter(group__program=program, period__startswith__gt=clock.now())
    clashing = planned.filter(Exists(busy)).order_by("group__name").values("group__name")
    for row in clashing.annotate(sessions=Count("about_id", distinct=True)):
        sentence = ngettext(
            "In %(group)s %(n)s session falls on a duty or leave of a member.",
            "In %(group)s %(n)s sessions fall on a duty or leave of a member.",
            row["sessions"],
        ) % {"group": row["group__name"], "n": row["sessions"]}
        yield Finding("duty_clashes", sentence, page("planning:dates", program.pk))


def _intake_warnings(program: Program) -> Iterator[Finding]:
    members = Membership.objects.taking_part().filter(program=program)
    held = Q(intake__state=Intake.State.HELD)
    counts = members.aggregate(all=Count("pk"), held=Count("pk", filter=held))
    if counts["all"] and counts["held"] < INTAKES_HELD * counts["all"]:
        sentence = _("Intakes before the first session: %(held)s of %(all)s.") % counts
        yield Finding("intakes_missing", sentence, page("programs:intakes", program.pk))


def answering_is_over(program: Program) -> bool:
    """Whether the closing date is past or everybody who was invited answered."""
    today = program.institution.on_day(clock.now())
    if program.answers_until and today > program.answers_until:
        return True
    invited = program.memberships.live().filter(invited_at__isnull=False)
    return invited.exists() and not invited.filter(accepted_at=None).exists()
