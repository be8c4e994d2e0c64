"""What the demonstration's resident wrote for themselves, so that guide and owner have something to look at."""

import uuid

from django.utils.translation import gettext as _

import vault
from desk.demo.house import House
from intervision import clock
from programs.actions import own_texts
from programs.models import LearningGoal, Membership, Preparation
from vault import CannotOpen


def write(built: House) -> None:
    """A preparation and a goal for the guide, a goal for nobody else. Without a key for sealed texts nothing."""
    expects = {
        "expectations": _("To hear how others do it, and to be away from the ward for a while."),
        "not_to_discuss": _("My leave last year."),
        "first_goal": "",
    }
    places = Membership.objects.seated().filter(user=built.resident)
    for place in places.select_related("program", "group", "user"):
        guide = place.group.guides.active(clock.today()).first() if place.group else None
        try:
            if place.program.has_intakes:
                own_texts.save_preparation(place, expects, share=guide)
            said = {
                "goal": _("Say no in time when one more shift is asked."),
                "progress": _("It worked twice."),
            }
            own_texts.save_goal(place, uuid.uuid4(), said, share=guide)
            own = {"goal": _("Sleep after a night shift without going over it again."), "progress": ""}
            own_texts.save_goal(place, uuid.uuid4(), own, share=None)
        except CannotOpen:
            return


def read(built: House) -> None:
    """Guides opened what is shared with them, through the one door: its owner and the privacy officer see that."""
    kinds = (Preparation, LearningGoal)
    for place in Membership.objects.seated().filter(user=built.resident).order_by("pk"):
        rows = [
            row for kind in kinds for row in kind.objects.filter(membership=place, shared_with__isnull=False)
        ]
        for guide in {row.shared_with for row in rows}:
            shared = [
                row for kind in kinds for row in kind.objects.shared_with(guide.user).filter(membership=place)
            ]
            try:
                vault.read_all(guide.user, shared)
            except CannotOpen:
                return
