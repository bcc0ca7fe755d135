"""What practitioners and sites hold."""

from collections.abc import Mapping
from datetime import date

from booking.domain.credential import Suspension, runs_backwards
from booking.domain.reading import Table
from booking.domain.words import CREDENTIAL_KINDS, PROFESSIONS, REGIONS, TECHNIQUES
from booking.usecases.clinic_file.model import CredentialFile
from booking.usecases.clinic_file.values import ensure_forward, jurisdiction, maybe_line, slug


def credentials(table: Table) -> tuple[CredentialFile, ...]:
    return tuple(_credential(inner) for inner in table.tables("credential", f"{table.place}, credential"))


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
    ensure_forward(table, credential.valid_from, credential.valid_until)
    table.close()
    return credential


def _suspension(table: Table) -> Suspension:
    faults = len(table.faults)
    hole = Suspension(first=table.day("first"), last=table.take("last", date), reason=maybe_line(table, "reason") or "")
    if len(table.faults) == faults and runs_backwards(hole.first, hole.last):
        table.fault("last is before first")
    table.close()
    return hole


def _attributes(table: Table | None) -> Mapping[str, bool | int | str]:
    found = {} if table is None else table.left
    for key, value in found.items():
        if table is not None and not isinstance(value, bool | int | str):
            table.fault(f"{key} must be true, false, a whole number or text")
    return found
