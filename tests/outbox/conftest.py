from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from outbox import kinds
from tests.outbox.kinds import all_kinds
from tests.outbox.post_office import PostOffice

TEMPLATES = Path(__file__).parent / "templates"


@pytest.fixture(autouse=True)
def of_this_room_only(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """The kinds and templates of these tests stand beside those of the rooms."""
    settings.TEMPLATES = [settings.TEMPLATES[0] | {"DIRS": [*settings.TEMPLATES[0]["DIRS"], TEMPLATES]}]
    for name, kind in all_kinds().items():
        monkeypatch.setitem(kinds._kinds, name, kind)


@pytest.fixture
def post_office(settings: Any) -> Iterator[PostOffice]:
    """A real SMTP server, to which this process is connected."""
    with PostOffice() as office:
        settings.EMAIL_BACKEND = "outbox.smtp.SmtpBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", office.port
        settings.EMAIL_TIMEOUT = 10
        yield office
