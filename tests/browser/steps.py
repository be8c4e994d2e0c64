"""People at their browsers, in the words of the pages."""

import datetime as dt
import re
from email.message import Message
from typing import Any, Self

from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.factories.signing_in import code_for
from tests.outbox.post_office import PostOffice

PASSWORD = "a quiet room with daylight"


def text_of(letter: Message) -> str:
    part = next(part for part in letter.walk() if part.get_content_type() == "text/plain")
    payload = part.get_payload(decode=True)
    assert isinstance(payload, bytes)
    return payload.decode()


class Person:
    """Somebody with a browser of their own and a mailbox at the post office."""

    def __init__(
        self, browser: Browser, server: str, post: PostOffice, email: str, *, width: int, script: bool
    ) -> None:
        self.server, self.post, self.email = server, post, email
        self.context: BrowserContext = browser.new_context(
            viewport={"width": width, "height": 900}, java_script_enabled=script, locale="en-GB"
        )
        self.context.add_cookies([{"name": "django_language", "value": "en", "url": server}])
        self.page: Page = self.context.new_page()
        self.page.set_default_timeout(20_000)
        self.secret = ""
        self.complaints: list[str] = []
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def goes_to(self, path: str) -> Self:
        answer = self.page.goto(path if path.startswith("http") else self.server + path)
        assert answer is not None
        assert answer.status < 400, f"{path}: {answer.status}"
        return self

    def cannot_open(self, path: str) -> Self:
        """As if it did not exist."""
        answer = self.page.goto(self.server + path)
        assert answer is not None
        assert answer.status == 404, f"{path}: {answer.status}"
        return self

    def clicks(self, words: str | re.Pattern[str], *, role: Any = "button", within: str = "main") -> Self:
        self.page.locator(within).get_by_role(role, name=words, exact=isinstance(words, str)).first.click()
        return self

    def follows(self, words: str | re.Pattern[str]) -> Self:
        return self.clicks(words, role="link")

    def fills(self, **fields: str) -> Self:
        """Fill fields by the name they are sent under."""
        for name, value in fields.items():
            self.page.locator(f"main [name={name}]").first.fill(value)
        return self

    def chooses(self, **fields: str) -> Self:
        for name, label in fields.items():
            self.page.locator(f"main select[name={name}]").first.select_option(label=label)
        return self

    def ticks(self, words: str | re.Pattern[str]) -> Self:
        self.page.locator("main").get_by_label(words).first.check()
        return self

    def sees(self, words: str | re.Pattern[str]) -> Self:
        expect(self.page.locator("body")).to_contain_text(words)
        return self

    def does_not_see(self, words: str) -> Self:
        expect(self.page.locator("body")).not_to_contain_text(words)
        return self

    def letters(self) -> list[Message]:
        return [letter for letter in self.post.accepted if str(letter["To"]) == self.email]

    def opens_the_link_of(self, subject: str) -> Self:
        """Open the newest letter with ``subject`` and press the button of the page behind its link."""
        letter = [letter for letter in self.letters() if subject in str(letter["Subject"])][-1]
        match = re.search(r"https?://\S+/(?:link|invitation)/\S+", text_of(letter))
        assert match is not None
        return self.goes_to(match.group())

    def signs_in(self) -> Self:
        self.goes_to("/accounts/login/").fills(login=self.email, password=PASSWORD)
        self.page.locator("main form").get_by_role("button").first.click()
        if self.secret:
            self.sees("Your second step").fills(code=code_for(self.secret)).clicks("Sign in")
        return self

    def signs_in_for_the_first_time(self) -> Self:
        """On the page of the invitation: choose a password and set up an app, as every role must."""
        self.fills(password=PASSWORD).clicks("Save and sign in").sees("a second factor")
        self.follows("Use an app")
        self.secret = self.page.locator("main code").inner_text()
        self.fills(code=code_for(self.secret)).clicks("Add the app").sees("Your recovery codes")
        return self.follows("I kept them: go on")

    def looks(self, path: str) -> Self:
        self.page.screenshot(path=path, full_page=True)
        return self


def next_weekday(day: dt.date, weekday: int) -> dt.date:
    """The first ``weekday`` (Monday is 0) after ``day``."""
    return day + dt.timedelta(days=(weekday - day.weekday() - 1) % 7 + 1)
