import datetime as dt
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from programs.calendar import event

AT = dt.datetime(2027, 1, 4, 9, 30, tzinfo=ZoneInfo("Europe/Amsterdam"))


def made(title="Appointment", place="Garden room, C"):
    end = AT + dt.timedelta(minutes=45)
    return event(uid="x@y", starts_at=AT, ends_at=end, title=title, place=place, at=AT)


def test_the_event_is_private_in_utc_and_says_where():
    lines = made().decode().split("\r\n")

    assert "DTSTART:20270104T083000Z" in lines
    assert "DTEND:20270104T091500Z" in lines
    assert "LOCATION:Garden room\\, C" in lines
    assert "CLASS:PRIVATE" in lines
    assert lines[-2:] == ["END:VCALENDAR", ""]


def test_without_a_place_there_is_no_line_for_it():
    assert b"LOCATION" not in made(place="")


@given(st.text(st.characters(codec="utf-8")))
def test_no_text_breaks_out_of_its_line_and_no_line_is_longer_than_75_octets(text):
    file = made(title=text, place=text)

    assert all(len(line) <= 75 for line in file.split(b"\r\n"))
    unfolded = file.decode().replace("\r\n ", "")
    assert len(unfolded.split("\r\n")) == (15 if text else 14)
