"""Texts entered through the pages are found nowhere but in front of whoever may read them."""

import base64
import io
import logging

import pytest
import redis
from django.conf import settings
from django.core import mail
from django.db import connection
from django.test import Client
from django.urls import reverse

from intervision import clock
from intervision.logs import JsonFormatter
from outbox import delivery
from programs.models import LearningGoal, Membership
from tests.access.sessions import over
from tests.access.table import rows
from tests.access.test_access import ask, by_link, signed_in
from tests.access.world import House
from tests.factories.programs import MembershipFactory
from vault import keyring, sealing

pytestmark = pytest.mark.django_db
WORDS = {name: f"Kanarie{number}{name}vogel" for number, name in enumerate(
    ["expectations", "boundaries", "first", "shared", "progress", "own", "line"]
)}  # fmt: skip
PREPARATION = {
    "expectations": WORDS["expectations"],
    "not_to_discuss": WORDS["boundaries"],
    "first_goal": WORDS["first"],
}
GOALS = [{"goal": WORDS["shared"], "progress": WORDS["progress"]}, {"goal": WORDS["own"], "progress": ""}]
LINE = {"line": WORDS["line"]}
#: The fields that hold a canary; that there are no others, test_typed_words.py says.
TYPED = {*PREPARATION, *GOALS[0], *LINE}
SHARED = {WORDS[name] for name in ("expectations", "boundaries", "first", "shared", "progress")}
PAGES = [row for row in rows() if row.method == "get"]


def forms_of(word: str) -> set[bytes]:
    """The word as it might stand in a dump: plain, UTF-16, and either of them in hexadecimal or base64."""
    plain = [word.encode(), word.encode("utf-16-le"), word.encode("utf-16-be")]
    found = {*plain, *(text.hex().encode() for text in plain)}
    for text in plain:
        for before in range(3):
            coded = base64.b64encode(b"\0" * before + text)
            found.add(coded[4 * (before > 0) : len(coded) - 4])
    return found


def seen_in(haystack: bytes) -> set[str]:
    return {word for word in WORDS.values() if any(form in haystack for form in forms_of(word))}


def dump() -> bytes:
    """Every row of every table, as a backup would hold it."""
    out = io.BytesIO()
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names():
            cursor.copy_expert(f"copy {connection.ops.quote_name(table)} to stdout", out)
    return out.getvalue()


@pytest.fixture
def house() -> House:
    """A house in which the resident has written in every confidential field, through the pages."""
    house = House()
    Membership.objects.filter(pk=house.membership.pk).update(invited_at=clock.now(), accepted_at=clock.now())
    resident, pk, share = signed_in(house.resident), house.membership.pk, str(house.guide.pk)
    preparation = PREPARATION | {"share": share}
    assert resident.post(reverse("programs:my-preparation", args=[pk]), preparation).status_code == 302
    for number, (goal, reader) in enumerate(zip(GOALS, (share, ""), strict=True)):
        made = goal | {"goal_id": f"00000000-0000-4000-8000-{number:012}", "share": reader}
        assert resident.post(reverse("programs:new-goal", args=[pk]), made).status_code == 302
    line = reverse("sessions:line", kwargs=over(house))
    assert resident.post(line, LINE).status_code == 302
    return house


def test_every_form_of_a_word_is_found_where_it_is() -> None:
    word = WORDS["own"]
    for text in (word.encode(), word.encode("utf-16-le"), word.encode("utf-16-be")):
        assert seen_in(b"before" + text) == {word}
        assert seen_in(text.hex().encode()) == {word}
        for before in range(3):
            assert seen_in(base64.b64encode(b"x" * before + text + b"after")) == {word}


def test_whoever_may_read_a_text_reads_it(house: House) -> None:
    owner, pk = signed_in(house.resident), house.membership.pk
    pages = [reverse(f"programs:{name}", args=[pk]) for name in ("my-preparation", "my-goals")]
    pages += [reverse("sessions:line", kwargs=over(house)), reverse("desk:everything")]
    guide = signed_in(house.intervisor).post(reverse("programs:read-shared", args=[pk]))

    assert seen_in(b"".join(owner.get(page).content for page in pages)) == set(WORDS.values())
    assert seen_in(guide.content) == SHARED


def visitors(house: House) -> dict[str, Client]:
    fellow = MembershipFactory(group=house.group, invited_at=clock.now(), accepted_at=clock.now())
    people = {
        name: signed_in(getattr(house, name))
        for name in (
            "coordinator",
            "administrator",
            "director",
            "intervisor",
            "independent",
            "officer",
            "stranger",
        )
    }
    links = {purpose: by_link(house, purpose) for purpose in ("take_part", "guide")}
    return people | links | {"fellow": signed_in(fellow.user), "anonymous": Client()}


def test_no_page_shows_a_text_to_anybody_else(house: House) -> None:
    everybody = visitors(house)
    found = {}
    for row in PAGES:
        at = row.at(house)
        for name, visitor in everybody.items():
            if words := seen_in(ask(visitor, row, house, at).content):
                found[f"{row.name} {name}"] = words

    assert found == {}


def test_no_other_post_opens_a_text(house: House) -> None:
    everybody = visitors(house)
    for name, visitor in everybody.items():
        shown = visitor.post(reverse("programs:read-shared", args=[house.membership.pk]))
        assert seen_in(shown.content) == (SHARED if name == "intervisor" else set()), name
        for goal in LearningGoal.objects.all():
            changed = visitor.post(
                reverse("programs:my-goal", args=[goal.pk]), {"goal": "Anders", "share": ""}
            )
            assert seen_in(changed.content) == set(), name
            assert changed.status_code in (302, 404), name
    assert LearningGoal.objects.count() == 2


def test_nothing_of_it_is_stored_mailed_logged_or_queued(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    owner = signed_in(house.resident)
    owner.post(
        reverse("programs:new-goal", args=[house.membership.pk]), {"goal": "", "progress": WORDS["own"]}
    )
    signed_in(house.intervisor).post(reverse("programs:read-shared", args=[house.membership.pk]))
    delivery.deliver_due(until=float("inf"))
    said = "\n".join(JsonFormatter().format(record) + record.getMessage() for record in caplog.records)
    letters = "\n".join(str(letter.message()) for letter in mail.outbox)
    broker = redis.Redis(unix_socket_path=str(settings.PLACE.broker_socket))
    queued = b"".join(key + (broker.dump(key) or b"") for key in broker.scan_iter())

    stored = dump()
    assert house.resident.email.encode() in stored
    assert seen_in(stored) == set()
    assert seen_in(said.encode() + letters.encode() + queued) == set()


def test_a_page_that_cannot_open_a_text_says_so_and_shows_nothing_of_it(
    house: House, settings: object
) -> None:
    settings.INTERVISION_KEKS = keyring.written(keyring.Kek("other", sealing.new_key()))  # type: ignore[attr-defined]
    owner, guide, pk = signed_in(house.resident), signed_in(house.intervisor), house.membership.pk
    pages = [reverse(f"programs:{name}", args=[pk]) for name in ("my-preparation", "my-goals")]
    pages += [reverse("programs:my-goal", args=[goal.pk]) for goal in LearningGoal.objects.all()]
    pages += [reverse("sessions:line", kwargs=over(house))]
    files = [reverse(f"desk:everything{kind}") for kind in ("", "-page", "-json")]

    closed = [owner.get(page) for page in pages] + [guide.post(reverse("programs:read-shared", args=[pk]))]
    others = [owner.get(page) for page in files]

    assert {answer.status_code for answer in closed} == {503}
    assert {answer.status_code for answer in others} == {200}
    assert seen_in(b"".join(answer.content for answer in (*closed, *others))) == set()
