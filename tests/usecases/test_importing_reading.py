"""Rows of a file: each thing that is wrong has its sentence, all at once, and what is right is meant as written."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from booking.domain.ids import PractitionerId, RoomId, SiteId, TreatmentTypeId
from booking.domain.lifecycle import Status
from booking.domain.practitioner import Practitioner
from booking.domain.room import Room
from booking.domain.site import Site
from booking.domain.time.zone import ZoneName
from booking.domain.treatment import TreatmentType
from booking.http.fields import contact
from booking.store.ids import new_id
from booking.usecases.importing import COLUMNS, RawRow
from booking.usecases.importing.model import Row, RowRefused
from booking.usecases.importing.names import Names, index
from booking.usecases.importing.reading import read_row
from tests.usecases.importing import row

SEATTLE = Site(
    id=SiteId(new_id()), slug="seattle", name="Seattle", address="", zone=ZoneName("America/Los_Angeles"),
    jurisdiction="US-WA",
)  # fmt: skip
ROOM = Room(id=RoomId(new_id()), slug="room-1", name="Room 1", site_id=SEATTLE.id)
NEEDLING = TreatmentType(id=TreatmentTypeId(new_id()), slug="needling", name="Dry needling", minutes=30)


def person(slug: str, name: str, *, active: bool = True) -> Practitioner:
    return Practitioner(
        id=PractitionerId(new_id()), slug=slug, name=name, profession="physical_therapist", active=active
    )


ADA, BEN = person("ada", "Ada Byrne"), person("ben", "Ben Ode")


def names(people: Iterable[Practitioner] = (ADA, BEN)) -> Names:
    return Names(
        sites=index("site", [SEATTLE]),
        people=index("practitioner", people),
        treatments=index("treatment", [NEEDLING]),
        rooms={ROOM.id: ROOM},
    )


def read(values: Mapping[str, str] | None = None, **more: Any) -> Row:
    return read_row(RawRow(number=2, values=row() if values is None else values, **more), names(), contact)


def fault(**changes: str) -> str:
    with pytest.raises(RowRefused) as refused:
        read(row(**changes))
    return refused.value.message


def test_row_is_meant_as_it_is_written() -> None:
    found = read(row(minutes="45", regions="Lumbar; thigh", room="Room 1", status="No-Show", note="stick"))
    assert (found.site, found.practitioner, found.treatment, found.room) == (SEATTLE, ADA, NEEDLING, ROOM)
    assert (found.minutes, found.regions, found.status) == (45, frozenset({"lumbar", "thigh"}), Status.NO_SHOW)
    assert (found.contact.name, found.contact.email, found.note) == ("Pat Smith", "pat.smith@example.org", "stick")
    assert read().status is Status.BOOKED


def test_names_do_where_slugs_do() -> None:
    assert read(row(practitioner="Ben Ode", site="Seattle", treatment="Dry needling")).practitioner == BEN


@pytest.mark.parametrize(
    ("start", "instant"),
    [
        ("2026-12-01 09:30", datetime(2026, 12, 1, 17, 30, tzinfo=UTC)),
        ("2026-12-01 9:30", datetime(2026, 12, 1, 17, 30, tzinfo=UTC)),
        ("2026-12-01T09:30:00", datetime(2026, 12, 1, 17, 30, tzinfo=UTC)),
        ("2026-07-01 09:30", datetime(2026, 7, 1, 16, 30, tzinfo=UTC)),
        ("2026-12-01T09:30:00Z", datetime(2026, 12, 1, 9, 30, tzinfo=UTC)),
        ("2026-12-01 09:30+01:00", datetime(2026, 12, 1, 8, 30, tzinfo=UTC)),
        ("2026-11-01T01:30:00-08:00", datetime(2026, 11, 1, 9, 30, tzinfo=UTC)),
    ],
)
def test_start_is_by_the_clock_of_the_site_or_has_its_offset(start: str, instant: datetime) -> None:
    assert read(row(start=start)).start == instant


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"reference": ""}, "The reference is missing."),
        ({"reference": "x" * 256}, "A reference is one line of at most 255 characters."),
        ({"reference": "a\nb"}, "A reference is one line of at most 255 characters."),
        ({"start": "2026-03-08 02:30"}, "The clock skips that time on that day at Seattle: write it"),
        ({"start": "2026-11-01 01:30"}, "The clock shows that time twice on that day at Seattle: write it"),
        ({"start": "2026-12-01 09:30:30"}, "The start must be a whole minute."),
        ({"site": ""}, "The site is missing."),
        ({"site": "Tacoma"}, "There is no site 'Tacoma'; there are: seattle."),
        ({"treatment": "massage"}, "There is no treatment 'massage'; there are: needling."),
        ({"status": "maybe"}, "There is no status 'maybe'; there are: booked, cancelled, no_show, fulfilled."),
        ({"minutes": "0"}, "The minutes must be a whole number from 1 to 720."),
        ({"minutes": "half an hour"}, "The minutes must be a whole number from 1 to 720."),
        ({"regions": "lumbar, soul"}, "There is no region of the body 'soul'; there are: abdomen, "),
        ({"room": "cellar"}, "There is no room at Seattle 'cellar'; there are: room-1."),
        ({"patient_name": ""}, "A name is needed."),
        ({"patient_email": ""}, "An e-mail address or a telephone number is needed."),
        ({"patient_email": "pat"}, "That is not an e-mail address."),
        ({"patient_phone": "soon"}, "That is not a telephone number."),
        ({"note": "x" * 1001}, "A note has at most 1000 characters, and lines of text alone."),
        ({"note": "a\x00b"}, "A note has at most 1000 characters, and lines of text alone."),
    ],
)
def test_fault_has_its_sentence(changes: dict[str, str], sentence: str) -> None:
    assert fault(**changes).startswith(sentence)


@pytest.mark.parametrize("start", ["", "1.12.2026 09:30", "2026-12-01", "2026-13-01 09:30", "0999-12-01 09:30", "9:30"])
def test_start_of_another_form_is_refused(start: str) -> None:
    assert fault(start=start).startswith("The start must be like 2026-12-01 09:30, by the clock of the site, or")


def test_all_faults_of_a_row_are_told() -> None:
    assert fault(reference="", site="Tacoma", minutes="x") == (
        "The reference is missing. There is no site 'Tacoma'; there are: seattle."
        " The minutes must be a whole number from 1 to 720."
    )


def test_of_two_with_one_name_the_one_who_treats_is_meant() -> None:
    old = person("ada-old", "Ada Byrne", active=False)
    raw = RawRow(number=2, values=row(practitioner="Ada Byrne"))
    assert read_row(raw, names([old, ADA]), contact).practitioner == ADA
    assert read_row(raw, names([old]), contact).practitioner == old
    with pytest.raises(RowRefused, match="There are several of the name 'Ada Byrne': write ada and other"):
        read_row(raw, names([ADA, person("other", "Ada Byrne")]), contact)


ENTRY = {**row(), "practitioner": "", "patient_name": "", "patient_email": ""}
PAT, AS_ADA = ("Pat Smith", "pat@example.org"), ("Ada Byrne", "ada@clinic.example")


@pytest.mark.parametrize("people", [(AS_ADA, PAT), (PAT, AS_ADA), (AS_ADA, AS_ADA, PAT)])
def test_of_the_people_of_an_entry_the_practitioner_is_known(people: tuple[tuple[str, str], ...]) -> None:
    found = read(ENTRY, people=people)
    assert (found.practitioner, found.contact.name, found.contact.email) == (ADA, *PAT)


@pytest.mark.parametrize(
    ("people", "sentence"),
    [
        ((PAT,), "None of the people of this entry are practitioners here: name one."),
        ((PAT, AS_ADA, ("Ben Ode", "")), "Several of the people of this entry are practitioners here: name one."),
        ((AS_ADA,), "It cannot be told who is the patient: an entry must have one attendee who is no practitioner."),
        ((AS_ADA, PAT, ("Sam", "")), "It cannot be told who is the patient: an entry must have one attendee"),
        ((), "The practitioner is missing. A name is needed."),
    ],
)
def test_people_of_an_entry_that_tell_nothing_are_refused(people: tuple[tuple[str, str], ...], sentence: str) -> None:
    with pytest.raises(RowRefused, match=sentence):
        read(ENTRY, people=people)


def test_practitioner_who_is_given_leaves_the_patient() -> None:
    assert read({**ENTRY, "practitioner": "ben"}, people=(AS_ADA, PAT)).practitioner == BEN


def test_row_with_a_problem_is_refused_for_it() -> None:
    with pytest.raises(RowRefused, match=r"^It repeats\.$"):
        read(problem="It repeats.")


@given(st.dictionaries(st.sampled_from(COLUMNS), st.text(max_size=40)))
def test_odd_rows_are_refused_and_never_more(changes: dict[str, str]) -> None:
    values = {**row(), **changes}
    try:
        found = read(values)
    except RowRefused:
        return
    assert (found.reference, found.note) == (values["reference"], values.get("note", "").replace("\r\n", "\n"))


def test_span_is_as_long_as_the_treatment_or_as_said() -> None:
    assert [replace(read(), minutes=minutes).span.length.seconds for minutes in (None, 50)] == [1800, 3000]
