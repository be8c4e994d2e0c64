import datetime as dt
from typing import Any

import outbox
from intervision import clock
from programs.actions.stages import INVITATION
from tests.access.table import REDIRECT, Row
from tests.access.world import House


def a_program(house: House) -> dict[str, Any]:
    return {"pk": house.program.pk}


def a_message(house: House) -> dict[str, Any]:
    now = clock.now()
    message = outbox.enqueue(
        INVITATION,
        about_id=house.membership.pk,
        to=house.resident,
        key=f"invitation:{house.membership.pk}",
        at=now,
        due_at=now + dt.timedelta(days=3),
    )
    return a_program(house) | {"message_pk": message.pk}


ROWS = [
    Row("sessions:messages", at=a_program),
    Row("sessions:message", at=a_message),
    Row("sessions:take-message-back", at=a_message, method="post", right=REDIRECT),
    Row("sessions:put-message-back", at=a_message, method="post", right=REDIRECT),
    Row("sessions:send-again", at=a_message, method="post", right=REDIRECT),
]
