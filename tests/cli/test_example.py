"""`examples/clinic.toml`: it works as it stands, and leaves no key out."""

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
import tomli_w
from hypothesis import given, settings
from hypothesis import strategies as st

from booking.domain.credential import Suspension
from booking.domain.errors import ClinicInvalid
from booking.domain.permission import Caller, Role
from booking.domain.policy import BookingPolicy
from booking.domain.time.holidays import PublicHolidays
from booking.domain.time.local import LocalSpan
from booking.domain.words import CREDENTIAL_KINDS, PROFESSIONS, REGIONS, TECHNIQUES
from booking.store import clinics
from booking.store.database import Database
from booking.usecases.clinic_file import read_clinic
from booking.usecases.clinic_file.model import (
    AboutClinic,
    AbsenceFile,
    AdoptedRules,
    CredentialFile,
    EquipmentFile,
    ExtraFile,
    HoursFile,
    PractitionerFile,
    RoomFile,
    SiteFile,
    TravelFile,
    TreatmentFile,
)
from booking.usecases.views.slots import SlotQuery, list_slots
from tests.cli.command import Run
from tests.sources import ROOT

EXAMPLE = ROOT / "examples" / "clinic.toml"
TEXT = EXAMPLE.read_text(encoding="utf-8")


def test_example_is_applied_once_and_exported_without_a_change(run: Run, tmp_path: Path) -> None:
    dry = run("clinic", "apply", str(EXAMPLE), "--dry-run")
    first, again = (run("clinic", "apply", str(EXAMPLE)) for _ in range(2))
    assert (dry.code, dry.out[:-1]) == (0, first.out[:-1])
    assert (first.code, first.out[0], again.out) == (0, "+ clinic larkspur", ["no change made."])
    exported = tmp_path / "exported.toml"
    exported.write_text("\n".join(run("clinic", "export").out), encoding="utf-8")
    assert run("clinic", "apply", str(exported)).out == ["no change made."]
    assert run("clinic", "apply", str(EXAMPLE)).out == ["no change made."]
    assert run("audit").code == 0


def test_example_offers_each_treatment_where_it_is_lawful(run: Run, sqlite_url: str) -> None:
    run("clinic", "apply", str(EXAMPLE))
    database = Database(sqlite_url, threads=1, clock=lambda: datetime(2026, 12, 1, 18, tzinfo=UTC))
    about = database.read_now(clinics.described, database.read_now(clinics.clinics)[0].id)
    caller = Caller(clinic_id=about.clinic.id, role=Role.RECEPTION)
    offered = {
        (treatment.slug, about.sites[slot.site_id].slug, about.practitioners[slot.practitioner_id].slug)
        for treatment in about.treatment_types.values()
        for slot in database.read_now(
            list_slots,
            caller,
            SlotQuery(treatment_type=treatment.id, first=date(2026, 12, 7), last=date(2026, 12, 12)),
        ).slots
    }
    database.close_now()
    needled = {(site, who) for treatment, site, who in offered if treatment != "talk-first"}
    assert needled == {
        ("missoula", "daniel-brightwater"),
        ("missoula", "helen-marsh"),
        ("missoula", "noor-castellanos"),
        ("spokane", "helen-marsh"),
        ("spokane", "noor-castellanos"),
    }
    assert ("talk-first", "spokane", "yuna-seo") in offered


WRITTEN = {"rooms": "room", "suspensions": "suspension", "credentials": "credential", "closures": "closure"}
WRITTEN |= {"weekday": "days", "day": "date", "start_minute": "from", "end_minute": "to"}
WRITTEN |= {"open_on": "open", "open_names": "open"}


def keys(model: type[Any]) -> set[str]:
    """What the tables that are read into this class may hold, as it is written."""
    named = {WRITTEN.get(one.name, one.name) for one in fields(model)}
    return (named - {"days"}) | keys(LocalSpan) if model is AbsenceFile else named


def tables(data: Any, name: str) -> Iterator[Mapping[str, Any]]:
    """Every table of this name, wherever it stands."""
    if isinstance(data, list):
        for one in data:
            yield from tables(one, name)
    elif isinstance(data, dict):
        for key, value in data.items():
            if key == name:
                yield from value if isinstance(value, list) else [value]
            yield from tables(value, name)


def used(name: str) -> set[str]:
    return {key for table in tables(tomllib.loads(TEXT), name) if isinstance(table, dict) for key in table}


@pytest.mark.parametrize(
    ("name", "model"),
    [
        ("clinic", AboutClinic),
        ("policy", BookingPolicy),
        ("travel", TravelFile),
        ("rules", AdoptedRules),
        ("site", SiteFile),
        ("holidays", PublicHolidays),
        ("room", RoomFile),
        ("equipment", EquipmentFile),
        ("closure", AbsenceFile),
        ("treatment", TreatmentFile),
        ("practitioner", PractitionerFile),
        ("extra", ExtraFile),
        ("leave", AbsenceFile),
        ("credential", CredentialFile),
        ("suspension", Suspension),
    ],
)
def test_example_uses_every_key(name: str, model: type[Any]) -> None:
    assert used(name) == keys(model)


def test_example_uses_every_key_of_hours() -> None:
    """Breaks are a way of writing alone."""
    assert used("hours") == keys(HoursFile) | {"breaks"}
    assert used("breaks") == {"from", "to"}


def places(data: Any, *place: str | int) -> Iterator[tuple[str | int, ...]]:
    """Each place in which a value stands."""
    inside: Iterable[tuple[str | int, Any]] = ()
    if isinstance(data, dict):
        inside = data.items()
    elif isinstance(data, list):
        inside = enumerate(data)
    for key, value in inside:
        yield (*place, key)
        yield from places(value, *place, key)


NOT_A_DAY = datetime(2026, 1, 1, tzinfo=UTC)
ODD: tuple[Any, ...] = (1, -1, 1.5, True, "", "any", "24:00", [], [[]], {}, [{}], date.min, date.max, NOT_A_DAY)


@settings(max_examples=100, deadline=None)
@given(st.sampled_from(list(places(tomllib.loads(TEXT)))), st.sampled_from(ODD))
def test_any_value_anywhere_is_read_or_refused_by_name(place: tuple[str | int, ...], odd: object) -> None:
    data: Any = tomllib.loads(TEXT)
    inner = data
    for key in place[:-1]:
        inner = inner[key]
    inner[place[-1]] = odd
    try:
        read_clinic(tomli_w.dumps(data))
    except ClinicInvalid as refusal:
        faults = refusal.details["faults"]
    else:
        faults = ["none"]
    assert all(faults), "a refusal says what is wrong"
    assert faults


@pytest.mark.parametrize("words", [REGIONS, TECHNIQUES, PROFESSIONS, CREDENTIAL_KINDS], ids=len)
def test_example_names_every_word(words: frozenset[str]) -> None:
    comments = " ".join(line.partition("#")[2] for line in TEXT.splitlines())
    assert words - set(comments.split()) == set()


def test_example_tells_what_is_usual() -> None:
    usual = {field.name: field.default for field in fields(BookingPolicy)}
    said = {name: f"left out: {'none' if value is None else value}" for name, value in usual.items()}
    lines = {line.partition(" ")[0]: line for line in TEXT.splitlines()}
    assert {name: lines[name][-len(told) :] for name, told in said.items()} == said
