"""Messages a second beside a bare floor, on engines of its own: ``python -m bench.outbox [COUNT]``.

The floor claims 100 ids at a time from a bare table and sends a two-part e-mail from texts that are ready, over one
connection. It renders nothing and marks nothing, so it loses 100 and doubles none when it is killed.
"""

import json
import multiprocessing
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

COUNT = 2000
TEXT = "Tuesday 10:30.\n" * 10
HTML = "<p>Tuesday 10:30.</p>\n" * 100


def main(count: int) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder, sink() as port:
        os.environ |= {"VAR_DIR": folder, "DEMO": "1", "EMAIL_URL": f"smtp://127.0.0.1:{port}"}
        os.environ["DJANGO_SETTINGS_MODULE"] = "intervision.settings"
        import django

        django.setup()
        with engines():
            return measure(count)


@contextmanager
def sink() -> Iterator[int]:
    """A process that accepts every mail and keeps none."""
    ours, theirs = multiprocessing.Pipe()
    process = multiprocessing.Process(target=accept_mail, args=[theirs], daemon=True)
    process.start()
    try:
        yield ours.recv()
    finally:
        process.terminate()


def accept_mail(pipe: Any) -> None:
    from aiosmtpd.handlers import Sink

    from tests.outbox.post_office import OnAFreePort

    controller = OnAFreePort(Sink(), hostname="127.0.0.1", port=0)
    controller.start()
    pipe.send(controller.port)
    time.sleep(3600)


@contextmanager
def engines() -> Iterator[None]:
    from django.conf import settings
    from django.core.management import call_command

    from intervision.embedded.engines import Engines

    started = Engines(settings.PLACE)
    started.start(options=())
    try:
        call_command("migrate", verbosity=0)
        yield
    finally:
        started.stop()


def measure(count: int) -> dict[str, Any]:
    write(100, "at_least_once")
    deliver()  # templates are loaded once
    found = {"floor": rate(count, lambda: floor(count))}
    for promise in ("at_least_once", "at_most_once"):
        write(count, promise)
        found[promise] = rate(count, deliver)
    return found | {f"{name} / floor": round(found[name] / found["floor"], 2) for name in list(found)[1:]}


def rate(count: int, work: Any) -> float:
    began = time.perf_counter()
    work()
    return round(count / (time.perf_counter() - began), 1)


def floor(count: int) -> None:
    from django.core.mail import EmailMultiAlternatives, get_connection
    from django.db import connection

    with connection.cursor() as cursor, get_connection() as line:
        cursor.execute("create temporary table floor as select generate_series(1, %s) as id", [count])
        while True:
            cursor.execute("delete from floor where id in (select id from floor limit 100) returning id")
            if not (claimed := cursor.fetchall()):
                return
            for _ in claimed:
                email = EmailMultiAlternatives("A time is reserved", TEXT, to=["a@example.org"])
                email.attach_alternative(HTML, "text/html")
                line.send_messages([email])


def write(count: int, promise: str) -> None:
    from outbox import kinds
    from outbox.models import Message
    from tests.factories.accounts import UserFactory
    from tests.factories.outbox import MessageFactory

    kinds._kinds[promise] = kinds.Kind(promise, letter, promise, promise)  # type: ignore[arg-type]
    user = UserFactory()
    Message.objects.bulk_create(MessageFactory.build_batch(count, kind=promise, recipient=user))


def letter(about_id: Any, recipient: Any, at: Any) -> Any:
    from outbox.mail import Mail, link

    context = {"name": recipient.name, "button_url": link("/sessions/1/"), "button_label": "Open"}
    return Mail(subject="A time is reserved", template="emails/base", context=context)


def deliver() -> None:
    from outbox import delivery

    delivery.deliver_due(until=time.monotonic() + 600)


if __name__ == "__main__":
    print(json.dumps(main(int(sys.argv[1]) if sys.argv[1:] else COUNT), indent=2))
