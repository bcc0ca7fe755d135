"""Decisions as they lie there, and the rule texts they name."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select

from booking.domain.ids import AppointmentId, ClinicId
from booking.store.database import Transaction
from booking.store.tables import DecisionRow, RuleTextRow, table

_decision, _rule_text = table(DecisionRow), table(RuleTextRow)


@dataclass(frozen=True, kw_only=True)
class Decision:
    """Why a practitioner was allowed: `body` is as `booking.domain.eligibility.record` writes it."""

    id: UUID
    appointment_id: AppointmentId
    evaluator: str
    body: Mapping[str, Any]
    at: datetime


def about(tx: Transaction, clinic_id: ClinicId, subject: UUID) -> list[Decision]:
    """The decision of this id, or those on the visit of this id, in the order in which they were made."""
    those = or_(_decision.c.id == subject, _decision.c.appointment_id == subject)
    query = select(_decision).where(_decision.c.clinic_id == clinic_id, those).order_by(_decision.c.at, _decision.c.id)
    return [_as_decision(row) for row in tx.connection.execute(query).mappings()]


def after(tx: Transaction, clinic_id: ClinicId, past: UUID | None, most: int) -> list[Decision]:
    """Decisions in the order of their ids, those past this one."""
    query = select(_decision).where(_decision.c.clinic_id == clinic_id).order_by(_decision.c.id).limit(most)
    if past is not None:
        query = query.where(_decision.c.id > past)
    return [_as_decision(row) for row in tx.connection.execute(query).mappings()]


def _as_decision(row: Mapping[Any, Any]) -> Decision:
    return Decision(
        id=row["id"],
        appointment_id=AppointmentId(row["appointment_id"]),
        evaluator=row["evaluator"],
        body=row["body"],
        at=row["at"],
    )
