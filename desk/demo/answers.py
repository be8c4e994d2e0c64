"""What the groups of the demonstration answered: asked, answered and closed at their own moments, as in use."""

import datetime as dt

from checklist import asking
from desk.demo.house import House
from intervision import clock
from programs.models import Guide, Membership, Program
from sessions.actions import guide_rounds
from sessions.models import Attendance, GroupSession, GuideRound
from surveys.actions import answering, closing
from surveys.models import Window

#: How likely somebody who was there answers.
SHARE = 0.95
AN_HOUR = dt.timedelta(hours=1)


def answer_past(house: House, program: Program) -> None:
    """At the end of every session that took place, whoever was there answers; what is due is closed."""
    asked = asking.live().get(pk=program.pk)
    held = GroupSession.objects.took_place().filter(group__program=program)
    for session in held.order_by("ends_at", "pk"):
        at = session.ends_at - asking.BEFORE_END / 2
        with clock.at(at):
            closing.close_due(at=at)
            asking.ask_of(asked, at=at)
            _answer(house, session)
        with clock.at(session.ends_at + AN_HOUR):
            _answer_as_guide(session)
    closing.close_due(at=clock.now())


def _answer_as_guide(session: GroupSession) -> None:
    """What the guide is asked about their own work; the end is left to answer."""
    open_ = GuideRound.objects.filter(group=session.group_id).exclude(kind=GuideRound.Kind.END)
    guide = Guide.objects.filter(group=session.group_id, role=Guide.Role.LEAD).select_related("user").first()
    if guide is None:
        return
    for row in open_.to_answer(clock.now()):
        guide_rounds.answer(row, dict.fromkeys(row.questions, 4), by=guide.user)


def _answer(house: House, session: GroupSession) -> None:
    at = clock.now()
    there = Attendance.objects.filter(session=session, state=Attendance.State.PRESENT)
    members = Membership.objects.filter(attendances__in=there).select_related("user").order_by("pk")
    for window in Window.objects.open_at(at).filter(group=session.group_id):
        for member in members:
            if house.dice.random() < SHARE and not window.receipts.filter(user=member.user).exists():
                given = {
                    one.key: house.dice.choices(range(1, 6), [2, 5, 15, 45, 33])[0] for one in window.asked
                }
                answering.answer(window, member.user, given, at=at)
