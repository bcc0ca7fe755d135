"""Bringing one kind of thing into line with the file, and keeping the list of what that changed."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any, Protocol
from uuid import UUID

from booking.domain.ids import ClinicId, DiaryId
from booking.domain.site import Site
from booking.domain.time.holidays import PublicHolidays
from booking.domain.treatment import TreatmentType
from booking.store import description, diaries
from booking.store.database import Transaction
from booking.store.ids import new_id
from booking.usecases.clinic_file.notation import clock

_WITH_DIARY = ("practitioner", "room", "equipment")


class Named(Protocol):
    """A thing on record: a frozen dataclass with an id, a slug, and whether it is in use."""

    @property
    def id(self) -> UUID: ...
    @property
    def slug(self) -> str: ...
    @property
    def active(self) -> bool: ...


@dataclass(kw_only=True)
class Sync:
    """One run: where it writes, what it changed so far, whose diaries those changes touch."""

    tx: Transaction
    clinic_id: ClinicId
    lines: list[str] = field(default_factory=list)
    touched: set[DiaryId] = field(default_factory=set)

    def put(self, what: str, known: Named | None, slug: str, values: Mapping[str, Any]) -> UUID:
        """Add the thing, or change what differs; the id it has."""
        if known is None:
            return self._add(what, slug, values)
        different = differences(known, values)
        if different:
            description.change(self.tx, self.clinic_id, what, known.id, different)
            self.note("~", f"{what} {slug}", *told(different))
            self.touch(what, known.id)
        return known.id

    def retire(self, what: str, gone: Iterable[Named]) -> None:
        """Deactivate what the file no longer names."""
        for one in gone:
            if one.active:
                description.change(self.tx, self.clinic_id, what, one.id, {"active": False})
                self.note("-", f"{what} {one.slug}", "deactivated")
                self.touch(what, one.id)

    def changed(self, what: str, thing_id: UUID, slug: str, details: Collection[str]) -> None:
        """Tell what belongs to a thing and was changed, if anything was."""
        if details:
            self.note("~", f"{what} {slug}", *details)
            self.touch(what, thing_id)

    def note(self, sign: str, about: str, *details: str) -> None:
        """A line of the report: `+` added, `~` changed, `-` deactivated."""
        self.lines.append(f"{sign} {about}" + (f" ({'; '.join(details)})" if details else ""))

    def touch(self, what: str, thing_id: UUID) -> None:
        if what in _WITH_DIARY:
            self.touched.add(DiaryId(thing_id))

    def _add(self, what: str, slug: str, values: Mapping[str, Any]) -> UUID:
        thing_id = new_id()
        if what in _WITH_DIARY:
            diaries.add(self.tx, self.clinic_id, [DiaryId(thing_id)], what)
        description.add(self.tx, self.clinic_id, what, thing_id, values)
        self.note("+", f"{what} {slug}")
        return thing_id


def told(different: Mapping[str, Any]) -> list[str]:
    """What is different now, as a reader of the report says it."""
    return [_told(key, value) for key, value in different.items()]


def counted(key: str, **how_many: int) -> list[str]:
    """How many of a list of things were added, and so on; nothing when it is none."""
    counts = ", ".join(f"{number} {word}" for word, number in how_many.items() if number)
    return [f"{key}: {counts}"] if counts else []


def _told(key: str, value: object) -> str:
    if key == "same_day_until" and isinstance(value, int):
        return f"{key}: {clock(value)}"
    if isinstance(value, UUID):
        return f"another {key.removesuffix('_id')}"
    if isinstance(value, bool):
        return f"{key}: {str(value).lower()}"
    if isinstance(value, Mapping):
        return f"{key}: {', '.join(f'{name} = {one}' for name, one in sorted(value.items())) or 'none'}"
    if isinstance(value, frozenset):
        return f"{key}: {', '.join(sorted(value)) or 'none'}"
    return f"{key}: {'none' if value in (None, '') else value}"


def differences(known: Any, values: Mapping[str, Any]) -> dict[str, Any]:
    """The values that are not what the dataclass `known` says; a value it does not have is not looked at."""
    said = _columns(known)
    return {key: value for key, value in values.items() if key in said and said[key] != value}


def _columns(known: Any) -> dict[str, Any]:
    """What a thing on record says, by the names of its columns."""
    said = {one.name: getattr(known, one.name) for one in fields(known)}
    if isinstance(known, Site):
        return said | holiday_columns(known.holidays)
    return said | asdict(known.needs) if isinstance(known, TreatmentType) else said


def holiday_columns(holidays: PublicHolidays | None) -> dict[str, Any]:
    """The public holidays of a site as its columns have them."""
    if holidays is None:
        nothing: frozenset[str] = frozenset()
        return {
            "holiday_country": None,
            "holiday_region": None,
            "holidays_open_on": nothing,
            "holidays_open_names": nothing,
        }
    return {
        "holiday_country": holidays.country,
        "holiday_region": holidays.region,
        "holidays_open_on": frozenset(map(str, holidays.open_on)),
        "holidays_open_names": holidays.open_names,
    }
