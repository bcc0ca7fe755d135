"""From TOML text to a checked file; every fault is named in one pass."""

import re
import tomllib
from collections.abc import Iterable, Mapping
from typing import Any

from booking.domain.credential import Suspension
from booking.domain.errors import ClinicInvalid
from booking.domain.policy import BookingPolicy
from booking.domain.reading import Table
from booking.domain.time.zone import ZoneName, known_zones
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

_SLUG = r"[a-z0-9]+(-[a-z0-9]+)*"
_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_GRIDS = (5, 10, 15, 20, 30, 60)
_LONGEST_MINUTES = int(LONGEST_CLAIM.total_seconds()) // 60
_DAY_MINUTES = 1440


def read_clinic(text: str) -> ClinicFile:
    """Raises ClinicInvalid, which names every fault by the place it stands at."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ClinicInvalid([f"this is not TOML: {error}"]) from error
    faults: list[str] = []
    root = Table(place="the file", left=dict(data), faults=faults)
    if root.whole("format") != FORMAT:
        root.fault(f"format must be {FORMAT}")
    found = ClinicFile(
        clinic=_clinic(root.table("clinic") or Table(place="clinic", left={}, faults=faults)),
        rules=tuple(_rules(table) for table in root.tables("rules", "rules")),
        sites=tuple(_site(table) for table in root.tables("site", "site")),
        treatments=tuple(_treatment(table) for table in root.tables("treatment", "treatment")),
        practitioners=tuple(_practitioner(table) for table in root.tables("practitioner", "practitioner")),
    )
    root.close()
    _check_whole(found, root)
    if faults:
        raise ClinicInvalid(faults)
    return found


def _clinic(table: Table) -> AboutClinic:
    about = AboutClinic(
        slug=_slug(table),
        name=_line(table, "name"),
        zone=_zone(table),
        phone=table.maybe_text("phone") or "",
        email=table.maybe_text("email") or "",
        language=table.maybe_text("language") or "en",
        calendar_label=table.maybe_text("calendar_label") or "Appointment",
        policy=_policy(table.table("policy")),
    )
    table.close()
    return about


def _policy(table: Table | None) -> BookingPolicy:
    if table is None:
        return BookingPolicy()
    usual = BookingPolicy()
    policy = BookingPolicy(
        grid_minutes=_number(table, "grid_minutes", usual.grid_minutes, 60),
        notice_minutes=_number(table, "notice_minutes", usual.notice_minutes, 60 * 24 * 60),
        horizon_days=_number(table, "horizon_days", usual.horizon_days, 730),
    )
    if policy.grid_minutes not in _GRIDS:
        table.fault(f"grid_minutes must be one of {', '.join(map(str, _GRIDS))}")
    table.close()
    return policy


def _rules(table: Table) -> AdoptedRules:
    rules = AdoptedRules(
        jurisdiction=_line(table, "jurisdiction"),
        version=_line(table, "version"),
        adopted_by=_line(table, "adopted_by"),
        adopted_on=table.day("adopted_on"),
    )
    table.close()
    return rules


def _site(table: Table) -> SiteFile:
    site = SiteFile(
        slug=_slug(table),
        name=_line(table, "name"),
        address=_line(table, "address"),
        zone=_zone(table),
        jurisdiction=_line(table, "jurisdiction"),
        rooms=tuple(_room(inner) for inner in table.tables("room", "room")),
    )
    table.close()
    return site


def _room(table: Table) -> RoomFile:
    room = RoomFile(slug=_slug(table), name=_line(table, "name"))
    table.close()
    return room


def _treatment(table: Table) -> TreatmentFile:
    treatment = TreatmentFile(
        slug=_slug(table),
        name=_line(table, "name"),
        description=table.maybe_text("description") or "",
        minutes=_number(table, "minutes", None, _LONGEST_MINUTES),
        buffer_before=_number(table, "buffer_before", 0, _LONGEST_MINUTES),
        buffer_after=_number(table, "buffer_after", 0, _LONGEST_MINUTES),
        regions=frozenset(table.words("regions", REGIONS)),
        techniques=frozenset(table.words("techniques", TECHNIQUES)),
        price=_number(table, "price", -1, 10_000_000) if "price" in table.left else None,
        currency=table.matching("currency", "[A-Z]{3}", "USD") if "currency" in table.left else None,
        online=table.flag("online", default=True),
    )
    if treatment.minutes < TICK_MINUTES:
        table.fault(f"minutes must be {TICK_MINUTES} or more")
    if any(part % TICK_MINUTES for part in (treatment.minutes, treatment.buffer_before, treatment.buffer_after)):
        table.fault(f"minutes and buffers are multiples of {TICK_MINUTES}")
    if treatment.minutes + treatment.buffer_before + treatment.buffer_after > _LONGEST_MINUTES:
        table.fault("a visit with its buffers takes at most 12 hours")
    if bool(treatment.regions) != bool(treatment.techniques):
        table.fault("a treatment with needles has both regions and techniques, one without has neither")
    if (treatment.price is None) != (treatment.currency is None):
        table.fault("price (in the smallest unit, such as cents) and currency go together")
    table.close()
    return treatment


def _practitioner(table: Table) -> PractitionerFile:
    practitioner = PractitionerFile(
        slug=_slug(table),
        name=_line(table, "name"),
        profession=table.word("profession", PROFESSIONS),
        hours=tuple(hours for inner in table.tables("hours", f"{table.place}, hours") for hours in _hours(inner)),
        leave=tuple(_leave(inner) for inner in table.tables("leave", f"{table.place}, leave")),
        credentials=tuple(_credential(inner) for inner in table.tables("credential", f"{table.place}, credential")),
    )
    table.close()
    return practitioner


def _hours(table: Table) -> Iterable[HoursFile]:
    site, days = _line(table, "site"), table.words("days", _DAYS)
    if not days:
        table.fault("days is missing")
    start, end = _minute(table, "from"), _minute(table, "to")
    if start >= end:
        table.fault("from must be before to")
    valid_from = table.day("valid_from") if "valid_from" in table.left else None
    valid_until = table.day("valid_until") if "valid_until" in table.left else None
    table.close()
    for day in days:
        yield HoursFile(
            site=site,
            weekday=_DAYS.index(day),
            start_minute=start,
            end_minute=end,
            valid_from=valid_from,
            valid_until=valid_until,
        )


def _leave(table: Table) -> LeaveFile:
    leave = LeaveFile(first=table.day("first"), last=table.day("last"))
    if leave.last < leave.first:
        table.fault("leave ends before it starts")
    table.close()
    return leave


def _credential(table: Table) -> CredentialFile:
    credential = CredentialFile(
        slug=_slug(table),
        kind=table.word("kind", CREDENTIAL_KINDS),
        profession=table.word("profession", PROFESSIONS) if "profession" in table.left else None,
        jurisdiction=table.maybe_text("jurisdiction"),
        number=table.maybe_text("number"),
        valid_from=table.day("valid_from") if "valid_from" in table.left else None,
        valid_until=table.day("valid_until") if "valid_until" in table.left else None,
        verified=table.flag("verified", default=False) if "verified" in table.left else None,
        regions=frozenset(table.words("regions", REGIONS)) if "regions" in table.left else None,
        techniques=frozenset(table.words("techniques", TECHNIQUES)) if "techniques" in table.left else None,
        attributes=_attributes(table.table("attributes")),
        home=table.maybe_text("home"),
        suspensions=tuple(_suspension(inner) for inner in table.tables("suspension", f"{table.place}, suspension")),
    )
    first, last = credential.valid_from, credential.valid_until
    if first is not None and last is not None and last < first:
        table.fault("valid_until is before valid_from")
    table.close()
    return credential


def _suspension(table: Table) -> Suspension:
    last = table.day("last") if "last" in table.left else None
    hole = Suspension(first=table.day("first"), last=last, reason=table.maybe_text("reason") or "")
    if hole.last is not None and hole.last < hole.first:
        table.fault("a suspension ends before it starts")
    table.close()
    return hole


def _attributes(table: Table | None) -> Mapping[str, bool | int | str]:
    if table is None:
        return {}
    found: dict[str, Any] = {}
    for key in list(table.left):
        value = table.left.pop(key)
        if type(value) in {bool, int, str}:
            found[key] = value
        else:
            table.fault(f"{key} must be true, false, a whole number or text")
    return found


def _slug(table: Table) -> str:
    return table.matching("slug", _SLUG, "upper-back")


def _line(table: Table, key: str) -> str:
    """A text of one line, without control characters."""
    text = table.text(key)
    if not text.isprintable():
        table.fault(f"{key} must be one line of printable text")
    return text


def _zone(table: Table) -> ZoneName:
    name = table.text("zone")
    if name != "?" and name not in known_zones():
        table.fault(f"zone must be the name of a time zone, such as Europe/London, not {name!r}")
    return ZoneName(name)


def _number(table: Table, key: str, default: int | None, most: int) -> int:
    if key not in table.left and default is not None:
        return default
    value = table.take(key, int)
    if value is None:
        table.fault(f"{key} is missing")
        return TICK_MINUTES
    if not 0 <= value <= most:
        table.fault(f"{key} must be from 0 to {most}")
    return value


def _minute(table: Table, key: str) -> int:
    """A time of day such as 09:30, in minutes; 24:00 is the next midnight."""
    text = table.matching(key, r"([01]\d|2[0-3]):[0-5]\d|24:00", '"09:30"')
    if not re.fullmatch(r"\d\d:\d\d", text):
        return 0
    minute = int(text[:2]) * 60 + int(text[3:])
    if minute % TICK_MINUTES:
        table.fault(f"{key} must be a multiple of {TICK_MINUTES} minutes")
    return min(minute, _DAY_MINUTES)


def _check_whole(found: ClinicFile, root: Table) -> None:
    """What only the file as a whole can show: names used twice, and names of things that are not in it."""
    for what, slugs in (
        ("site", [one.slug for one in found.sites]),
        ("room", [room.slug for one in found.sites for room in one.rooms]),
        ("treatment", [one.slug for one in found.treatments]),
        ("practitioner", [one.slug for one in found.practitioners]),
        ("rules", [one.jurisdiction for one in found.rules]),
        *(
            (f"credential of {one.slug}", [credential.slug for credential in one.credentials])
            for one in found.practitioners
        ),
    ):
        for slug in sorted({slug for slug in slugs if slugs.count(slug) > 1}):
            root.fault(f"there are two: {what} {slug!r}")
    sites, adopted = {one.slug for one in found.sites}, {one.jurisdiction for one in found.rules}
    for practitioner in found.practitioners:
        for slug in sorted({hours.site for hours in practitioner.hours} - sites):
            root.fault(f"practitioner {practitioner.slug!r} has hours at {slug!r}, which is no site of this file")
    for site in found.sites:
        if site.jurisdiction not in adopted:
            root.fault(f"site {site.slug!r} is in {site.jurisdiction}, whose rules this file does not adopt")
