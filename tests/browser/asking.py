"""Questions in the room and what the group said, scene by scene."""

import io

import segno
from playwright.sync_api import expect

from tests.browser.steps import Person

TOO_FEW = "Too few answers to show anything yet"
NOT_YET = "What the group says together stands here afterwards"


def shows_the_code(guide: Person, page: str, address: str) -> None:
    """On the guide's screen; what a phone reads from it is ``address``."""
    guide.goes_to(page).sees("Scan the code and answer")
    source = guide.page.get_by_alt_text("QR code of the questions").get_attribute("src")
    assert guide.page.request.get(f"{guide.server}{source}").body() == picture_of(address)


def picture_of(address: str) -> bytes:
    picture = io.BytesIO()
    segno.make(address, error="m").save(picture, kind="svg", scale=8, border=4, light="#fff")
    return picture.getvalue()


def has_the_link_mailed(resident: Person, code: str) -> None:
    """A phone that is neither signed in nor remembered."""
    resident.goes_to(code).follows("Mail me my link").fills(email=resident.email)
    resident.clicks("Mail me my link").sees("Look in your mail")


def comes_by_mail(person: Person, subject: str) -> None:
    person.opens_the_link_of(subject).clicks("Open my page").sees("Nobody sees what you answer")


def answers(person: Person) -> None:
    for name in ("prep-no-extra-workload", "min-safety-felt", "min-depth-felt"):
        person.page.locator(f"main input[name={name}]").last.check()
    person.clicks("Send")


def reads_no_word(person: Person, page: str, why: str) -> None:
    person.goes_to(page).sees(why)
    expect(person.page.locator("main ul.said")).to_have_count(0)


def reads_what_the_group_said(person: Person, page: str) -> None:
    said = person.goes_to(page).page.locator("main ul.said")
    expect(said).to_have_count(1)
    expect(said.get_by_text("Good")).to_have_count(3)
