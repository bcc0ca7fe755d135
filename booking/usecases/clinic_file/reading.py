"""From TOML text to a checked file; every fault is named in one pass."""

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from booking.domain.credential import Suspension
from booking.domain.errors import ClinicInvalid
from booking.domain.policy import BookingPolicy
from booking.domain.reading import Table
from booking.domain.treatment import LONGEST_CLAIM, TICK_MINUTES
from booking.domain.words import CREDENTIAL_KINDS, PROFESSIONS, REGIONS, TECHNIQUES
from booking.usecases.clinic_file.model import (
    FORMAT,
    AboutClinic,
    AdoptedRules,
    ClinicFile,
    CredentialFile,
    HoursFile,
    LeaveFile,
    PractitionerFile,
    RoomFile,
    SiteFile,
    TreatmentFile,
)
from booking.usecases.clinic_file.values import jurisdiction, line, maybe_line, minute, number, prose, slug, zone

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_GRIDS = (5, 10, 15, 20, 30, 60)
_LONGEST_MINUTES = int(LONGEST_CLAIM.total_seconds()) // 60
_LONGEST_NOTICE = 60 * 24 * 60
_LONGEST_HORIZON = 730
_HIGHEST_PRICE = 10_000_000


def read_clinic(text: str) -> ClinicFile:
    """Raises ClinicInvalid, which names every fault by the place it stands at.

    What only the file as a whole can show is looked at when each part is sound.
    """
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ClinicInvalid([f"this is not TOML: {error}"]) from error
    root = Table(place="the file", left=data, faults=[])
    if root.whole("format") != FORMAT:
        root.fault(f"format must be {FORMAT}")
    about = root.take("clinic", dict)
    found = ClinicFile(
        clinic=_clinic(Table(place="clinic", left=about or {}, faults=root.faults)),
        rules=tuple(_rules(table) for table in root.tables("rules", "rules")),
        sites=tuple(_site(table) for table in root.tables("site", "site")),
        treatments=tuple(_treatment(table) for table in root.tables("treatment", "treatment")),
        practitioners=tuple(_practitioner(table) for table in root.tables("practitioner", "practitioner")),
    )
    root.close()
    faults = root.faults or list(_faults_of_whole(found))
    if faults:
        raise ClinicInvalid(faults)
    return found


def _clinic(table: Table) -> AboutClinic:
    about = AboutClinic(
        slug=slug(table),
        name=line(table, "name"),
        zone=zone(table),
        phone=maybe_line(table, "phone") or "",
        email=maybe_line(table, "email") or "",
        language=maybe_line(table, "language") or "en",
        calendar_label=maybe_line(table, "calendar_label") or "Appointment",
        policy=_policy(table.table("policy")),
    )
    table.close()
    return about


def _policy(table: Table | None) -> BookingPolicy:
    usual = BookingPolicy()
    if table is None:
        return usual
    grid = table.take("grid_minutes", int)
    if grid is not None and grid not in _GRIDS:
        table.fault(f"grid_minutes must be one of {', '.join(map(str, _GRIDS))}")
    policy = BookingPolicy(
        grid_minutes=usual.grid_minutes if grid is None else grid,
        notice_minutes=number(table, "notice_minutes", usual=usual.notice_minutes, most=_LONGEST_NOTICE),
        horizon_days=number(table, "horizon_days", usual=usual.horizon_days, least=1, most=_LONGEST_HORIZON),
    )
    table.close()
    return policy


def _rules(table: Table) -> AdoptedRules:
    rules = AdoptedRules(
        jurisdiction=jurisdiction(table),
        version=line(table, "version"),
        adopted_by=line(table, "adopted_by"),
        adopted_on=table.day("adopted_on"),
    )
    table.close()
    return rules


def _site(table: Table) -> SiteFile:
    site = SiteFile(
        slug=slug(table),
        name=line(table, "name"),
        address=line(table, "address"),
        zone=zone(table),
        jurisdiction=jurisdiction(table),
        rooms=tuple(_room(inner) for inner in table.tables("room", f"{table.place}, room")),
    )
    table.close()
    return site


def _room(table: Table) -> RoomFile:
    room = RoomFile(slug=slug(table), name=line(table, "name"))
    table.close()
    return room


def _treatment(table: Table) -> TreatmentFile:
    faults = len(table.faults)
    treatment = TreatmentFile(
        slug=slug(table),
        name=line(table, "name"),
        description=prose(table, "description"),
        minutes=number(table, "minutes", least=TICK_MINUTES, most=_LONGEST_MINUTES),
        buffer_before=number(table, "buffer_before", usual=0, most=_LONGEST_MINUTES),
        buffer_after=number(table, "buffer_after", usual=0, most=_LONGEST_MINUTES),
        regions=frozenset(table.words("regions", REGIONS)),
        techniques=frozenset(table.words("techniques", TECHNIQUES)),
        price=number(table, "price", most=_HIGHEST_PRICE) if "price" in table.left else None,
        currency=table.matching("currency", "[A-Z]{3}", "USD") if "currency" in table.left else None,
        online=table.flag("online", default=True),
    )
    for sentence in _faults_of_treatment(treatment) if len(table.faults) == faults else ():
        table.fault(sentence)
    table.close()
    return treatment


def _faults_of_treatment(treatment: TreatmentFile) -> Iterator[str]:
    parts = (treatment.minutes, treatment.buffer_before, treatment.buffer_after)
    if any(part % TICK_MINUTES for part in parts):
        yield f"minutes and buffers must be multiples of {TICK_MINUTES}"
    if sum(parts) > _LONGEST_MINUTES:
        yield f"a visit with its buffers takes at most {_LONGEST_MINUTES // 60} hours"
    if bool(treatment.regions) != bool(treatment.techniques):
        yield "a treatment with needles has both regions and techniques, one without has neither"
    if (treatment.price is None) != (treatment.currency is None):
        yield "price (in the smallest unit, such as cents) and currency go together"


def _practitioner(table: Table) -> PractitionerFile:
    practitioner = PractitionerFile(
        slug=slug(table),
        name=line(table, "name"),
        profession=table.word("profession", PROFESSIONS),
        hours=tuple(hours for inner in table.tables("hours", f"{table.place}, hours") for hours in _hours(inner)),
        leave=tuple(_leave(inner) for inner in table.tables("leave", f"{table.place}, leave")),
        credentials=tuple(_credential(inner) for inner in table.tables("credential", f"{table.place}, credential")),
    )
    table.close()
    return practitioner


def _hours(table: Table) -> Iterable[HoursFile]:
    site = line(table, "site")
    if "days" not in table.left:
        table.fault("days is missing")
    days = table.words("days", _DAYS)
    start, end = minute(table, "from"), minute(table, "to")
    if start is not None and end is not None and start >= end:
        table.fault("from must be before to")
    valid_from, valid_until = table.take("valid_from", date), table.take("valid_until", date)
    _ensure_forward(table, valid_from, valid_until)
    table.close()
    return [
        HoursFile(
            site=site,
            weekday=_DAYS.index(day),
            start_minute=start or 0,
            end_minute=end or 0,
            valid_from=valid_from,
            valid_until=valid_until,
        )
        for day in days
        if day in _DAYS
    ]


def _leave(table: Table) -> LeaveFile:
    faults = len(table.faults)
    leave = LeaveFile(first=table.day("first"), last=table.day("last"))
    if len(table.faults) == faults and leave.last < leave.first:
        table.fault("last is before first")
    table.close()
    return leave


def _credential(table: Table) -> CredentialFile:
    credential = CredentialFile(
        slug=slug(table),
        kind=table.word("kind", CREDENTIAL_KINDS),
        profession=table.word("profession", PROFESSIONS) if "profession" in table.left else None,
        jurisdiction=jurisdiction(table) if "jurisdiction" in table.left else None,
        number=maybe_line(table, "number"),
        valid_from=table.take("valid_from", date),
        valid_until=table.take("valid_until", date),
        verified=table.take("verified", bool),
        regions=frozenset(table.words("regions", REGIONS)) if "regions" in table.left else None,
        techniques=frozenset(table.words("techniques", TECHNIQUES)) if "techniques" in table.left else None,
        attributes=_attributes(table.table("attributes")),
        home=jurisdiction(table, "home") if "home" in table.left else None,
        suspensions=tuple(_suspension(inner) for inner in table.tables("suspension", f"{table.place}, suspension")),
    )
    _ensure_forward(table, credential.valid_from, credential.valid_until)
    table.close()
    return credential


def _suspension(table: Table) -> Suspension:
    faults = len(table.faults)
    hole = Suspension(first=table.day("first"), last=table.take("last", date), reason=maybe_line(table, "reason") or "")
    if len(table.faults) == faults and hole.last is not None and hole.last < hole.first:
        table.fault("last is before first")
    table.close()
    return hole


def _attributes(table: Table | None) -> Mapping[str, bool | int | str]:
    found = {} if table is None else table.left
    for key, value in found.items():
        if table is not None and not isinstance(value, bool | int | str):
            table.fault(f"{key} must be true, false, a whole number or text")
    return found


def _ensure_forward(table: Table, valid_from: date | None, valid_until: date | None) -> None:
    if valid_from is not None and valid_until is not None and valid_until < valid_from:
        table.fault("valid_until is before valid_from")


def _faults_of_whole(found: ClinicFile) -> Iterator[str]:
    """Names used twice, and names of things that are not in the file."""
    for what, names in _names(found):
        for name in sorted({name for name in names if names.count(name) > 1}):
            yield f'the file: there are two: {what} "{name}"'
    sites, adopted = {one.slug for one in found.sites}, {one.jurisdiction for one in found.rules}
    for site in found.sites:
        if site.jurisdiction not in adopted:
            yield f'site "{site.slug}": it is in {site.jurisdiction}, whose rules this file does not adopt'
    for one in found.practitioners:
        for name in sorted({hours.site for hours in one.hours} - sites):
            yield f'practitioner "{one.slug}": hours at {name!r}, which is no site of this file'


def _names(found: ClinicFile) -> Iterator[tuple[str, list[str]]]:
    """Lists in which no name may stand twice, each with what it lists."""
    yield "rules", [one.jurisdiction for one in found.rules]
    yield "site", [one.slug for one in found.sites]
    yield "room", [room.slug for one in found.sites for room in one.rooms]
    yield "treatment", [one.slug for one in found.treatments]
    yield "practitioner", [one.slug for one in found.practitioners]
    for one in found.practitioners:
        yield f'practitioner "{one.slug}", credential', [credential.slug for credential in one.credentials]
