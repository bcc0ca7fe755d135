from datetime import UTC, date, datetime

import pytest

from booking.domain.errors import InvalidInput
from booking.domain.patient import Contact
from booking.http.fields import contact, day, instant, line, minute


@pytest.mark.parametrize(
    "text",
    [
        "2027-01-30T09:00:00-08:00",
        "2027-01-30T17:00:00Z",
        "2027-01-30t17:00:00.000z",
        "2027-01-30T22:30:00.000000+05:30",
        "2027-01-31T07:00:00+14:00",
    ],
)
def test_instant_is_read_into_utc(text: str) -> None:
    found = instant(text, "start")
    assert found == datetime(2027, 1, 30, 17, tzinfo=UTC)
    assert found.tzinfo is UTC


@pytest.mark.parametrize(
    "text",
    [
        "2027-01-30T09:00:00",
        "2027-01-30 09:00:00Z",
        "1801328400",
        "2027-01-30T09:00Z",
        "2027-01-30T09:00:00Z\n",
        "٢٠٢٧-01-30T09:00:00Z",
    ],
)
def test_what_is_no_instant_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        instant(text, "start")
    assert caught.value.details == {"field": "start"}


def test_day_is_read() -> None:
    assert (day("1970-01-01", "from"), day("2199-12-31", "to")) == (date(1970, 1, 1), date(2199, 12, 31))


@pytest.mark.parametrize("text", ["1969-12-31", "2200-01-01", "2027-02-29", "20270130", "2027-1-30", ""])
def test_what_is_no_day_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput):
        day(text, "from")


def test_minute_is_read() -> None:
    assert [minute(text, "from") for text in ("00:00", "09:30", "23:59", "24:00")] == [0, 570, 1439, 1440]


@pytest.mark.parametrize("text", ["", "9:30", "24:05", "12:60", "12.30", "12:30:00", "12:30\n", "१२:३०"])
def test_what_is_no_minute_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        minute(text, "from")
    assert caught.value.details == {"field": "from"}


def test_contact_is_composed_and_trimmed() -> None:
    found = contact(" Zoe\u0308 Cruz ", "zoe@example.org", "")
    assert found == Contact(name="Zoë Cruz", email="zoe@example.org")


@pytest.mark.parametrize(
    ("name", "email", "phone", "field"),
    [
        ("", "a@example.org", None, "patient.name"),
        ("\u202eName", "a@example.org", None, "patient.name"),
        ("x" * 201, "a@example.org", None, "patient.name"),
        ("Zoe", None, None, "patient.email"),
        ("Zoe", "a@example", None, "patient.email"),
        ("Zoe", "a@example.org\nBcc: b@example.org", None, "patient.email"),
        ("Zoe", "a@example.org,b@example.org", None, "patient.email"),
        ("Zoe", "Zoe <a@example.org>", None, "patient.email"),
        ("Zoe", None, "+-- -- --", "patient.phone"),
        ("Zoe", None, "555 010O", "patient.phone"),
    ],
)
def test_contact_that_cannot_be_meant_is_refused(name: str, email: str | None, phone: str | None, field: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        contact(name, email, phone, within="patient.")
    assert caught.value.details == {"field": field}


def test_line_is_one_line() -> None:
    assert line("  a b ", "label", 10) == "a b"
    for text in ("a\nb", "a\n", "\x00", "\u2028", "x" * 11):
        with pytest.raises(InvalidInput):
            line(text, "label", 10)
