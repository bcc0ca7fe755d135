"""What people hold, and the rule sets the clinic has adopted."""

import dataclasses
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Row, bindparam, insert, select, update

from booking.domain.credential import Credential, Suspension, Verification
from booking.domain.ids import ClinicId, CredentialId, PractitionerId
from booking.domain.rules import RuleSet, parse_rules, stacked
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
_HELD = select(_credential).where(_credential.c.clinic_id == _CLINIC).order_by(_credential.c.slug)
_HELD_BY = _HELD.where(_credential.c.practitioner_id.in_(bindparam("people", type_=Id(), expanding=True)))
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
    """A credential on file: whose it is, and its version."""

    practitioner_id: PractitionerId
    credential: Credential
    version: int


def held(
    tx: Transaction, clinic_id: ClinicId, practitioner_ids: Collection[PractitionerId] | None = None
) -> dict[PractitionerId, tuple[Held, ...]]:
    """What each of these people holds, in the order of slugs; of everybody when None."""
    if practitioner_ids is None:
        rows = tx.connection.execute(_HELD, {"clinic": clinic_id}).all()
    else:
        rows = tx.connection.execute(_HELD_BY, {"clinic": clinic_id, "people": sorted(practitioner_ids)}).all()
    holes = _suspensions(tx, clinic_id, {CredentialId(row.id) for row in rows})
    found: dict[PractitionerId, list[Held]] = {}
    for row in rows:
        one = _as_held(row, tuple(holes.get(CredentialId(row.id), ())))
        found.setdefault(one.practitioner_id, []).append(one)
    return {who: tuple(what) for who, what in found.items()}


def one(tx: Transaction, clinic_id: ClinicId, credential_id: CredentialId) -> Held | None:
    row = tx.connection.execute(
        select(_credential).where(_credential.c.clinic_id == clinic_id, _credential.c.id == credential_id)
    ).one_or_none()
    if row is None:
        return None
    return _as_held(row, tuple(_suspensions(tx, clinic_id, {credential_id}).get(credential_id, ())))


def add(tx: Transaction, clinic_id: ClinicId, practitioner_id: PractitionerId, credential: Credential) -> None:
    """Put a credential on file, its suspensions included."""
    values = {"clinic_id": clinic_id, "practitioner_id": practitioner_id, "version": 1, **_columns(credential)}
    tx.connection.execute(insert(_credential).values(values))
    for hole in credential.suspensions:
        suspend(tx, clinic_id, credential.id, hole)


def replace(tx: Transaction, clinic_id: ClinicId, credential: Credential) -> None:
    """Write what the credential says now; its suspensions stay as they are."""
    tx.connection.execute(
        update(_credential)
        .where(_credential.c.clinic_id == clinic_id, _credential.c.id == credential.id)
        .values(version=_credential.c.version + 1, **_columns(credential))
    )


def set_verification(tx: Transaction, clinic_id: ClinicId, credential: Credential, verification: Verification) -> None:
    replace(tx, clinic_id, dataclasses.replace(credential, verification=verification))


def suspend(tx: Transaction, clinic_id: ClinicId, credential_id: CredentialId, hole: Suspension) -> None:
    row = {"clinic_id": clinic_id, "id": new_id(), "credential_id": credential_id}
    days = {"first_day": hole.first, "last_day": hole.last, "reason": hole.reason}
    tx.connection.execute(insert(_suspension).values(**row, **days))
    tx.connection.execute(
        update(_credential)
        .where(_credential.c.clinic_id == clinic_id, _credential.c.id == credential_id)
        .values(version=_credential.c.version + 1)
    )


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
        query = select(_rule_text.c.body).where(_rule_text.c.digest == self.digest)
        return parse_rules(self.tx.connection.execute(query).scalar_one())


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


_SAME = (
    "id", "slug", "kind", "profession", "jurisdiction", "number", "valid_from", "valid_until",
    "regions", "techniques", "home",
)  # fmt: skip


def _columns(credential: Credential) -> dict[str, object]:
    values = {name: getattr(credential, name) for name in _SAME}
    return {**values, "verification": credential.verification.value, "attributes": dict(credential.attributes)}


def _as_held(row: Row[Any], holes: tuple[Suspension, ...]) -> Held:
    credential = Credential(
        id=CredentialId(row.id),
        slug=row.slug,
        kind=row.kind,
        profession=row.profession,
        jurisdiction=row.jurisdiction,
        number=row.number,
        valid_from=row.valid_from,
        valid_until=row.valid_until,
        verification=Verification(row.verification),
        suspensions=holes,
        regions=row.regions,
        techniques=row.techniques,
        attributes=row.attributes,
        home=row.home,
    )
    return Held(practitioner_id=PractitionerId(row.practitioner_id), credential=credential, version=row.version)
