"""A real SMTP server that fails where it is told to."""

import asyncio
import contextlib
from collections import Counter
from collections.abc import Callable
from email import message_from_bytes
from email.message import Message
from types import TracebackType
from typing import Any, Self

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session


class OnAFreePort(Controller):
    def _trigger_server(self) -> None:
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


class PostOffice:
    """Accepts mail on a port of its own. ``fail`` maps a point to how often it still fails there.

    Points: ``refuse`` (421 at RCPT), ``no_such_person`` (550 at RCPT), ``greylist`` (451 at RCPT),
    ``before_data`` and ``after_data`` (the line drops before and after the text was taken), ``after_accept``
    (it has dropped when the next mail comes), ``reject`` (554 for the text), ``stall`` (no answer to the text).
    """

    def __init__(self) -> None:
        self.accepted: list[Message] = []
        self.fail: Counter[str] = Counter()
        #: Called at "rcpt", "data" (the text was taken, no answer yet) and "answered" of every mail.
        self.watch: Callable[[str], None] = lambda point: None
        self._hangs_up = False
        self._controller = OnAFreePort(self, hostname="127.0.0.1", port=0)

    @property
    def port(self) -> int:
        return int(self._controller.port)

    @property
    def message_ids(self) -> list[str]:
        return [str(mail["Message-ID"]) for mail in self.accepted]

    @property
    def receivers(self) -> list[str]:
        return [str(mail["To"]) for mail in self.accepted]

    def __enter__(self) -> Self:
        self._controller.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with contextlib.suppress(RuntimeError, AssertionError):
            self._controller.stop()

    def close(self) -> None:
        self._controller.stop()

    def _fails(self, point: str) -> bool:
        if self.fail[point] == 0:
            return False
        self.fail[point] -= 1
        return True

    async def handle_MAIL(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self._hangs_up:
            self._hangs_up = False
            self._drop(server)
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        self.watch("rcpt")
        if self._fails("refuse"):
            return "421 4.3.2 closing"
        if self._fails("no_such_person"):
            return "550 5.1.1 no such person here"
        if self._fails("greylist"):
            return "451 4.7.1 come back later"
        if self._fails("before_data"):
            self._drop(server)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        if self._fails("reject"):
            return "554 5.6.0 not like this"
        assert isinstance(envelope.content, bytes)
        self.accepted.append(message_from_bytes(envelope.content))
        self.watch("data")
        asyncio.get_running_loop().call_later(0.001, self.watch, "answered")
        if self._fails("after_data"):
            self._drop(server)
        if self._fails("stall"):
            await asyncio.sleep(6)
        self._hangs_up = self._fails("after_accept")
        return "250 OK"

    def _drop(self, server: SMTP) -> None:
        transport: Any = server.transport
        transport.abort()
