import datetime as dt
import uuid

from accounts.models import User
from programs.models import Group
from surveys.actions.answering import answer
from surveys.actions.opening import Moment, ask
from surveys.models import Kind, Window
from surveys.questions import Question
from tests.factories.programs import GroupFactory, MembershipFactory

OPENS = dt.datetime(2027, 2, 2, 15, 30, tzinfo=dt.UTC)
CLOSES = OPENS + dt.timedelta(days=2)
DURING = OPENS + dt.timedelta(minutes=10)
NEXT = dt.timedelta(weeks=6)
PULSE = (Question("prep-no-extra-workload"), Question("min-safety-felt"), Question("min-depth-felt"))


def group_of(count: int, **fields: object) -> tuple[Group, list[User]]:
    group: Group = GroupFactory(places=max(count, 7), **fields)
    return group, [MembershipFactory(group=group).user for _ in range(count)]


def window(group: Group, number: int = 1, **changes: object) -> Window:
    """The pulse of a session: 1 and 2 are a pair, 3 and 4 the next."""
    later = NEXT * (number - 1)
    fields = {
        "kind": Kind.PULSE,
        "about_id": uuid.uuid4(),
        "questions": PULSE,
        "guides": [uuid.uuid4()],
        "opens_at": OPENS + later,
        "closes_at": CLOSES + later,
        "pool_closes_at": CLOSES + NEXT * (number + number % 2 - 1),
        "number": number,
        "pair": (number + 1) // 2,
        "waits_until": CLOSES + NEXT * (number + number % 2 - 1),
    } | changes
    found = ask(group, Moment(**fields), at=min(OPENS, fields["opens_at"]))
    assert found is not None
    return found


def all_answer(window: Window, users: list[User], value: int = 5) -> None:
    for user in users:
        given = {question.key: value for question in window.asked}
        answer(window, user, given, at=window.opens_at + dt.timedelta(minutes=10))
