"""What a clinic's owner has decided of grants that are silent, or of which too little is known."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import delete, insert, select

from booking.domain.eligibility import OwnerDecision
from booking.domain.ids import ClinicId
from booking.domain.rules import RuleSet
from booking.store.database import Transaction
from booking.store.ids import new_id
from booking.store.tables import OwnerDecisionRow, table

_decision = table(OwnerDecisionRow)


@dataclass(frozen=True, kw_only=True)
class RecordedDecision:
    """A decision, and the version of the rules in which the owner read the grant."""

    decision: OwnerDecision
    rules_version: str


def recorded(tx: Transaction, clinic_id: ClinicId) -> dict[tuple[str, str], RecordedDecision]:
    """All of them, by jurisdiction and grant."""
    query = select(_decision).where(_decision.c.clinic_id == clinic_id)
    return {
        (row.jurisdiction, row.grant_id): RecordedDecision(
            decision=OwnerDecision(
                jurisdiction=row.jurisdiction,
                grant=row.grant_id,
                decided_on=row.decided_on,
                decided_by=row.decided_by,
                basis=row.basis,
                valid_until=row.valid_until,
            ),
            rules_version=row.rules_version,
        )
        for row in tx.connection.execute(query.order_by(_decision.c.jurisdiction, _decision.c.grant_id))
    }


def counting(tx: Transaction, clinic_id: ClinicId, rules: Mapping[str, RuleSet]) -> tuple[OwnerDecision, ...]:
    """Those that were made of the versions in `rules`: of a grant that may have changed the owner decides anew."""
    return tuple(
        one.decision
        for (jurisdiction, _grant), one in recorded(tx, clinic_id).items()
        if jurisdiction in rules and rules[jurisdiction].version == one.rules_version
    )


def record(tx: Transaction, clinic_id: ClinicId, recorded: RecordedDecision) -> None:
    """Put a decision on record in place of the one there may be of the same grant."""
    one = recorded.decision
    remove(tx, clinic_id, one.jurisdiction, one.grant)
    row = {
        "clinic_id": clinic_id,
        "id": new_id(),
        "jurisdiction": one.jurisdiction,
        "grant_id": one.grant,
        "rules_version": recorded.rules_version,
        "decided_on": one.decided_on,
        "decided_by": one.decided_by,
        "basis": one.basis,
        "valid_until": one.valid_until,
    }
    tx.connection.execute(insert(_decision).values(row))


def remove(tx: Transaction, clinic_id: ClinicId, jurisdiction: str, grant: str) -> None:
    """From now on it does not count. What was decided on its ground keeps a copy of it."""
    of_grant = (_decision.c.jurisdiction == jurisdiction) & (_decision.c.grant_id == grant)
    tx.connection.execute(delete(_decision).where(_decision.c.clinic_id == clinic_id, of_grant))
