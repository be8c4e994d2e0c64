"""People who use a running program over HTTP, and remember what it acknowledged to them.

An answer of 2xx or 3xx is a promise. Whoever got none, because the line dropped or a 5xx came, does not know:
then what they asked for last may have happened or not.
"""

import json
import random
import re
import string
import threading
import urllib.error
import urllib.request
from http.client import HTTPException
from http.cookiejar import CookieJar
from typing import Any
from urllib.parse import urlencode

from tests.intervision.running import Running

Answer = tuple[int, str]
NO_ANSWER: Answer = (0, "")
LINK = re.compile(r"/link/[\w.-]+/")
LETTERS = string.ascii_lowercase


def leads_to(answer: Answer, end: str) -> bool:
    return answer[0] == 302 and answer[1].endswith(end)


class Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *args: Any) -> None:
        return None


class Visitor:
    """A browser without a screen: keeps its cookies, follows nothing by itself."""

    def __init__(self, run: Running) -> None:
        self.run, self.cookies = run, CookieJar()
        keeps = urllib.request.HTTPCookieProcessor(self.cookies)
        self.opener = urllib.request.build_opener(keeps, Stay)

    def get(self, path: str) -> Answer:
        return self.ask(path, None)

    def post(self, path: str, **fields: str) -> Answer:
        token = next((cookie.value for cookie in self.cookies if "csrf" in cookie.name), "")
        return self.ask(path, urlencode({"csrfmiddlewaretoken": token, **fields}).encode())

    def ask(self, path: str, data: bytes | None) -> Answer:
        """Status, and where it leads or else the page; NO_ANSWER when the line dropped."""
        try:
            with self.opener.open(f"http://127.0.0.1:{self.run.port}{path}", data, timeout=60) as response:
                return response.status, response.read().decode()
        except urllib.error.HTTPError as answer:
            with answer:
                return answer.code, answer.headers.get("Location", "")
        except (OSError, HTTPException):
            return NO_ANSWER

    def sign_in(self, email: str) -> None:
        self.get("/demo/")
        status, _ = self.post("/demo/", email=email)
        assert status == 302, f"{email} cannot sign in: {status}"


class AtWork:
    """Somebody who does one thing after another until told to stop, in a thread of their own."""

    def __init__(self, run: Running, chance: random.Random) -> None:
        self.visitor, self.run, self.chance = Visitor(run), run, chance
        self.acknowledged = 0
        self.rest = threading.Event()
        self.thread = threading.Thread()

    def begin(self) -> None:
        self.rest.clear()
        self.acknowledged = 0
        self.thread = threading.Thread(target=self.go_on)
        self.thread.start()

    def go_on(self) -> None:
        while not self.rest.is_set():
            status = self.act()
            self.acknowledged += 200 <= status < 400
            self.rest.wait(0.1 if status else 0.3)

    def stop(self) -> None:
        """Safe to call twice."""
        self.rest.set()
        if self.thread.ident is not None:
            self.thread.join(90)
        assert not self.thread.is_alive()

    def act(self) -> int:
        """Do one thing; the status of the answer."""
        raise NotImplementedError

    def check(self) -> None:
        """Fail unless all that was acknowledged is in the database; then go on from what is there."""
        raise NotImplementedError


class Choices(AtWork):
    """Somebody with one thing that has a value, who chooses another one again and again."""

    def __init__(self, run: Running, chance: random.Random) -> None:
        super().__init__(run, chance)
        self.value: Any = None
        self.perhaps: list[Any] = []

    def heard(self, answer: Answer, value: Any) -> int:
        status = answer[0]
        if 200 <= status < 400:
            self.value, self.perhaps = value, []
        elif status == 0 or status >= 500:
            self.perhaps.append(value)
        return status

    def check(self) -> None:
        found = self.stored()
        assert found in [self.value, *self.perhaps], f"{found} is none of {[self.value, *self.perhaps]}"
        self.value, self.perhaps = found, []

    def stored(self) -> Any:
        raise NotImplementedError


class Resident(Choices):
    """Keeps the time reserved for them and takes another one, by the personal link of a mail."""

    def __init__(self, run: Running, chance: random.Random, link: str) -> None:
        super().__init__(run, chance)
        self.visitor.get(link)
        status, self.place = self.visitor.post(link)
        assert status == 302
        self.value = self.stored()

    @property
    def has_a_time(self) -> bool:
        return self.place.startswith("/programs/places/") and self.value is not None

    def act(self) -> int:
        if self.chance.random() < 0.2:  # whichever time it is: what perhaps happened before stays uncertain
            return self.visitor.post(f"{self.place}time/keep/")[0]
        status, page = self.visitor.get(f"{self.place}time/")
        free = re.findall(r'name="slot" value="([\w-]+)"', page) if status == 200 else []
        if not free:
            return 0
        slot = self.chance.choice(free)
        return self.heard(self.visitor.post(f"{self.place}time/", slot=slot), slot)

    def stored(self) -> Any:
        pk = self.place.rstrip("/").rpartition("/")[2]
        rows = self.run.query(f"select id::text from programs_intakeslot where membership_id::text = '{pk}'")
        return rows[0][0] if rows else None


class Intervisor(Choices):
    """Logs the session that waits for its log, and changes the log again and again."""

    def __init__(self, run: Running, chance: random.Random) -> None:
        super().__init__(run, chance)
        email = "intervisor@demo.example"
        self.visitor.sign_in(email)
        ((self.session, *_),) = run.query(
            f"""select session.id from intervision_sessions_groupsession session
                  join programs_guide guide using (group_id)
                  join accounts_user person on person.id = guide.user_id
                 where person.email = '{email}' and session.state = 'planned'
                   and session.ends_at between now() - interval '14 days' and now()"""
        )

    def act(self) -> int:
        status, page = self.visitor.get(f"/sessions/{self.session}/log/")
        if status != 200:
            return 0
        asked = re.findall(r'name="((?:answer|count)_[\w-]+)"', page)
        entry = {name: str(self.chance.randint(1, 5)) for name in asked}
        times = dict(re.findall(r'name="(started|ended)" value="([\d:]+)"', page))
        value = {name.partition("_")[2]: int(number) for name, number in entry.items()}
        return self.heard(self.visitor.post(f"/sessions/{self.session}/log/", **times, **entry), value)

    def stored(self) -> Any:
        rows = self.run.query(
            f"select answers from intervision_sessions_sessionlog where session_id = '{self.session}'"
        )
        if not rows:
            return None
        answers = rows[0][0] if isinstance(rows[0][0], dict) else json.loads(rows[0][0])
        counts = self.run.query(
            f"select kind, count from intervision_sessions_interruption where session_id = '{self.session}'"
        )
        return answers | dict(counts)


class Coordinator(AtWork):
    """Starts a program, then adds people to it one by one and invites them."""

    def __init__(self, run: Running, chance: random.Random) -> None:
        super().__init__(run, chance)
        self.visitor.sign_in("coordinator@demo.example")
        ((self.program,),) = run.query(
            """select id from programs_program where stage = 'draft'
                  and id in (select program_id from programs_membership)"""
        )
        self.started = False
        self.added: set[str] = set()
        self.invited: set[str] = set()

    def act(self) -> int:
        if not self.started:
            return self.start()
        return self.invite() if self.chance.random() < 0.3 else self.add()

    def start(self) -> int:
        page = f"/programs/{self.program}/start/"
        asked = re.findall(r'name="(why-[^"]+)"', self.visitor.get(page)[1])
        answer = self.visitor.post(page, note="Seen.", **dict.fromkeys(asked, "It is so here."))
        self.started = leads_to(answer, "/start/")
        return answer[0]

    def add(self) -> int:
        name = " ".join("".join(self.chance.choices(LETTERS, k=9)).capitalize() for _ in range(2))
        email = f"{name.replace(' ', '.').lower()}@demo.example"
        answer = self.visitor.post(
            f"/programs/{self.program}/people/new/", name=name, email=email, training_year="3"
        )
        if leads_to(answer, "/people/"):
            self.added.add(email)
        return answer[0]

    def invite(self) -> int:
        known = set(self.added)
        answer = self.visitor.post(f"/programs/{self.program}/invite/")
        if leads_to(answer, "/people/"):
            self.invited |= known
        return answer[0]

    def check(self) -> None:
        ((stage,),) = self.run.query(f"select stage from programs_program where id = '{self.program}'")
        assert stage == "recruiting" or not self.started
        rows = self.run.query(
            f"""select person.email, (select count(*) from outbox_message
                                       where kind = 'invitation' and about_id = place.id)
                  from programs_membership place join accounts_user person on person.id = place.user_id
                 where place.program_id = '{self.program}'"""
        )
        found = dict(rows)
        assert self.added <= set(found), self.added - set(found)
        assert {email for email in self.invited if found[email] != 1} == set()
        assert max(found.values()) <= 1
        self.started = stage == "recruiting"
