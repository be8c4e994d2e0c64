"""What this room keeps about somebody as a member of groups."""

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from catalogue.kept import Section, section
from programs.models import GroundRulesConfirmation, Intake, IntakeSlot, Membership, WaitingPlace


def as_member(user: User) -> Iterator[Section]:
    places = Membership.objects.filter(user=user).select_related("program", "group").order_by("created_at")
    yield section(
        "part",
        "memberships",
        _("Programs you take or took part in"),
        {
            "program": _("Program"),
            "group": _("Group"),
            "name": _("Brought in as"),
            "email": _("Brought in at"),
            "state": _("State"),
            "invited": _("Invited on"),
            "accepted": _("Accepted on"),
            "declined": _("Declined on"),
            "from": _("From"),
            "until": _("Until"),
            "paused_from": _("Paused from"),
            "paused_until": _("Paused until"),
            "suspended_from": _("Closed to you from"),
        },
        (
            {
                "program": row.program.title,
                "group": row.group.name if row.group else None,
                "name": row.given_name,
                "email": row.given_email,
                "state": str(row.get_state_display()),
                "invited": row.invited_at,
                "accepted": row.accepted_at,
                "declined": row.declined_at,
                "from": row.joined_on,
                "until": row.left_on,
                "paused_from": row.paused_from,
                "paused_until": row.paused_until,
                "suspended_from": row.suspended_from,
            }
            for row in places
        ),
    )
    agreed = GroundRulesConfirmation.objects.filter(user=user).select_related("ground_rules__group")
    yield section(
        "part",
        "ground_rules",
        _("Ground rules you agreed to"),
        {"group": _("Group"), "version": _("Version"), "at": _("When")},
        (
            {
                "group": row.ground_rules.group.name,
                "version": row.ground_rules.version,
                "at": row.confirmed_at,
            }
            for row in agreed.order_by("confirmed_at")
        ),
    )


def own_intakes(user: User) -> Iterator[Section]:
    slots = IntakeSlot.objects.filter(membership__user=user).select_related("program", "room")
    yield section(
        "part",
        "intake_times",
        _("Your intake times"),
        {
            "program": _("Program"),
            "starts": _("Start"),
            "ends": _("Ends at"),
            "channel": _("How"),
            "reserved": _("Reserved on"),
            "kept": _("Kept on"),
        },
        (
            {
                "program": row.program.title,
                "starts": row.starts_at,
                "ends": row.ends_at,
                "channel": str(row.get_channel_display()),
                "reserved": row.reserved_at,
                "kept": row.kept_at,
            }
            for row in slots
        ),
    )
    intakes = Intake.objects.filter(membership__user=user).select_related("membership__program")
    yield section(
        "part",
        "intakes",
        _("Your intake interviews"),
        {
            "program": _("Program"),
            "state": _("State"),
            "at": _("When"),
            "by_phone": _("By phone"),
            "expectations": _("expectations voiced"),
            "boundaries": _("boundaries agreed"),
            "goal": _("goal formulated"),
        },
        (
            {
                "program": row.membership.program.title,
                "state": str(row.get_state_display()),
                "at": row.held_at,
                "by_phone": row.by_phone,
                "expectations": row.expectations_voiced,
                "boundaries": row.boundaries_agreed,
                "goal": row.goal_formulated,
            }
            for row in intakes.order_by("created_at")
        ),
    )
    waiting = WaitingPlace.objects.filter(membership__user=user).select_related("program")
    yield section(
        "part",
        "waiting",
        _("Waiting lists"),
        {"program": _("Program"), "for": _("For"), "since": _("Since"), "until": _("Until")},
        (
            {
                "program": row.program.title,
                "for": str(row.get_kind_display()),
                "since": row.created_at,
                "until": row.ended_at,
            }
            for row in waiting
        ),
    )
