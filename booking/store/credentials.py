"""What people and sites hold, and the rule sets the clinic has adopted."""

import dataclasses
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Row, bindparam, insert, select, update

from booking.domain.credential import Credential, Suspension, Verification
from booking.domain.ids import ClinicId, CredentialId, PractitionerId, SiteId
from booking.domain.rules import RuleSet, parse_rules, stacked
from booking.store import rule_texts
from booking.store.credential_versions import DAYS, TEXTS, WORDS, keep_version
from booking.store.database import Transaction
from booking.store.ids import new_id
from booking.store.tables import AdoptionRow, CredentialRow, RuleTextRow, SuspensionRow, table
from booking.store.types import Id

_credential = table(CredentialRow)
_suspension = table(SuspensionRow)
_adoption = table(AdoptionRow)
_rule_text = table(RuleTextRow)

_CLINIC = bindparam("clinic", type_=Id())
# Searches run these; to make a query takes about as long as to run it.
_ALL = select(_credential).where(_credential.c.clinic_id == _CLINIC).order_by(_credential.c.slug)
_HELD = _ALL.where(_credential.c.practitioner_id.is_not(None))
_OF_SITES = _ALL.where(_credential.c.site_id.is_not(None))
_HELD_BY = _ALL.where(_credential.c.practitioner_id.in_(bindparam("people", type_=Id(), expanding=True)))
_SUSPENDED = (
    select(_suspension)
    .where(
        _suspension.c.clinic_id == _CLINIC,
        _suspension.c.credential_id.in_(bindparam("credentials", type_=Id(), expanding=True)),
    )
    .order_by(_suspension.c.first_day, _suspension.c.id)
)


@dataclass(frozen=True, kw_only=True)
class Held:
    """A credential on file, and whose it is: a practitioner's, or else a site's."""

    credential: Credential
    practitioner_id: PractitionerId | None = None
    site_id: SiteId | None = None


def held(
    tx: Transaction, clinic_id: ClinicId, practitioner_ids: Collection[PractitionerId] | None = None
) -> dict[PractitionerId, tuple[Held, ...]]:
    """What each of these people holds, in the order of slugs; of everybody when None."""
    if practitioner_ids is None:
        rows = tx.connection.execute(_HELD, {"clinic": clinic_id}).all()
    else:
        rows = tx.connection.execute(_HELD_BY, {"clinic": clinic_id, "people": sorted(practitioner_ids)}).all()
    found: dict[PractitionerId, list[Held]] = {}
    for one in _as_held(tx, clinic_id, rows):
        if one.practitioner_id is not None:
            found.setdefault(one.practitioner_id, []).append(one)
    return {who: tuple(what) for who, what in found.items()}


def of_sites(tx: Transaction, clinic_id: ClinicId) -> dict[SiteId, tuple[Credential, ...]]:
    """What each site holds, in the order of slugs."""
    rows = tx.connection.execute(_OF_SITES, {"clinic": clinic_id}).all()
    found: dict[SiteId, list[Credential]] = {}
    for one in _as_held(tx, clinic_id, rows):
        if one.site_id is not None:
            found.setdefault(one.site_id, []).append(one.credential)
    return {where: tuple(what) for where, what in found.items()}


def one(tx: Transaction, clinic_id: ClinicId, credential_id: CredentialId) -> Held | None:
    rows = tx.connection.execute(
        select(_credential).where(_credential.c.clinic_id == clinic_id, _credential.c.id == credential_id)
    ).all()
    return next(iter(_as_held(tx, clinic_id, rows)), None)


def add(tx: Transaction, clinic_id: ClinicId, held: Held) -> None:
    """Put a credential on file, its suspensions included."""
    whose = {"practitioner_id": held.practitioner_id, "site_id": held.site_id}
    values = {"clinic_id": clinic_id, **whose, "version": 1, **_columns(held.credential)}
    tx.connection.execute(insert(_credential).values(values))
    for hole in held.credential.suspensions:
        _add_suspension(tx, clinic_id, held.credential.id, hole)
    _keep(tx, clinic_id, held.credential.id)


def replace(tx: Transaction, clinic_id: ClinicId, credential: Credential) -> None:
    """Write what the credential says now; its suspensions stay as they are."""
    _raise_version(tx, clinic_id, credential.id, **_columns(credential))
    _keep(tx, clinic_id, credential.id)


def set_verification(tx: Transaction, clinic_id: ClinicId, credential: Credential, verification: Verification) -> None:
    replace(tx, clinic_id, dataclasses.replace(credential, verification=verification))


def suspend(tx: Transaction, clinic_id: ClinicId, credential_id: CredentialId, hole: Suspension) -> None:
    _add_suspension(tx, clinic_id, credential_id, hole)
    _raise_version(tx, clinic_id, credential_id)
    _keep(tx, clinic_id, credential_id)


def adopted(tx: Transaction, clinic_id: ClinicId) -> dict[str, RuleSet]:
    """The rule sets the clinic goes by, by jurisdiction, each as its text was when it was adopted.

    Those of places that lie within one another are brought together. Raises RulesInvalid when one of them is missing,
    which cannot have been adopted so.
    """
    query = select(_adoption.c.jurisdiction, _adoption.c.digest).where(_adoption.c.clinic_id == clinic_id)
    rows = tx.connection.execute(query.order_by(_adoption.c.jurisdiction))
    return stacked(tx.memory.get(("rules", row.digest), _Reading(tx, row.digest)) for row in rows)


@dataclass(frozen=True)
class _Reading:
    """Reads a rule set by its hash, when it is not remembered."""

    tx: Transaction
    digest: str

    def __call__(self) -> RuleSet:
        text = rule_texts.by_digest(self.tx, self.digest)
        assert text is not None  # noqa: S101 -- an adoption refers to it
        return parse_rules(text)


@dataclass(frozen=True, kw_only=True)
class Adoption:
    jurisdiction: str
    digest: str
    adopted_by: str
    adopted_on: date


def adoptions(tx: Transaction, clinic_id: ClinicId) -> dict[str, Adoption]:
    query = select(_adoption).where(_adoption.c.clinic_id == clinic_id).order_by(_adoption.c.jurisdiction)
    return {
        row.jurisdiction: Adoption(
            jurisdiction=row.jurisdiction, digest=row.digest, adopted_by=row.adopted_by, adopted_on=row.adopted_on
        )
        for row in tx.connection.execute(query)
    }


def adopt(tx: Transaction, clinic_id: ClinicId, rules: RuleSet, text: str, adopted_by: str, adopted_on: date) -> None:
    """Go by this text from now on; the earlier text stays on file for the decisions made under it."""
    known = tx.connection.execute(select(_rule_text.c.digest).where(_rule_text.c.digest == rules.digest)).scalar()
    if known is None:
        tx.connection.execute(
            insert(_rule_text).values(digest=rules.digest, jurisdiction=rules.jurisdiction, body=text)
        )
    here = (_adoption.c.clinic_id == clinic_id) & (_adoption.c.jurisdiction == rules.jurisdiction)
    values = {"digest": rules.digest, "adopted_by": adopted_by, "adopted_on": adopted_on}
    if tx.connection.execute(update(_adoption).where(here).values(values)).rowcount == 0:
        tx.connection.execute(insert(_adoption).values(clinic_id=clinic_id, jurisdiction=rules.jurisdiction, **values))


def _suspensions(
    tx: Transaction, clinic_id: ClinicId, ids: Collection[CredentialId]
) -> dict[CredentialId, list[Suspension]]:
    found: dict[CredentialId, list[Suspension]] = {}
    for row in tx.connection.execute(_SUSPENDED, {"clinic": clinic_id, "credentials": sorted(ids)}):
        hole = Suspension(first=row.first_day, last=row.last_day, reason=row.reason)
        found.setdefault(CredentialId(row.credential_id), []).append(hole)
    return found


def _add_suspension(tx: Transaction, clinic_id: ClinicId, credential_id: CredentialId, hole: Suspension) -> None:
    row = {"clinic_id": clinic_id, "id": new_id(), "credential_id": credential_id}
    days = {"first_day": hole.first, "last_day": hole.last, "reason": hole.reason}
    tx.connection.execute(insert(_suspension).values(**row, **days))


def _raise_version(tx: Transaction, clinic_id: ClinicId, credential_id: CredentialId, **values: object) -> None:
    here = (_credential.c.clinic_id == clinic_id) & (_credential.c.id == credential_id)
    tx.connection.execute(update(_credential).where(here).values(version=_credential.c.version + 1, **values))


def _keep(tx: Transaction, clinic_id: ClinicId, credential_id: CredentialId) -> None:
    held = one(tx, clinic_id, credential_id)
    assert held is not None  # noqa: S101 -- it has just been written
    keep_version(tx, clinic_id, held.credential)


def _columns(credential: Credential) -> dict[str, object]:
    values = {name: getattr(credential, name) for name in ("id", *TEXTS, *DAYS, *WORDS)}
    return {**values, "verification": credential.verification.value, "attributes": dict(credential.attributes)}


def _as_held(tx: Transaction, clinic_id: ClinicId, rows: Collection[Row[Any]]) -> Iterable[Held]:
    holes = _suspensions(tx, clinic_id, {CredentialId(row.id) for row in rows})
    for row in rows:
        yield Held(
            practitioner_id=None if row.practitioner_id is None else PractitionerId(row.practitioner_id),
            site_id=None if row.site_id is None else SiteId(row.site_id),
            credential=Credential(
                id=CredentialId(row.id),
                **{name: getattr(row, name) for name in (*TEXTS, *DAYS, *WORDS)},
                verification=Verification(row.verification),
                suspensions=tuple(holes.get(CredentialId(row.id), ())),
                attributes=row.attributes,
                version=row.version,
            ),
        )
