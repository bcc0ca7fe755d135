"""Auditing: whether what is on record can be true, judged without the code that wrote it and without the guards."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from booking.domain.lifecycle import BEGINS, BROUGHT, TAKES_TIME, Status, out_of_order
from booking.domain.permission import Action, Caller, permit
from booking.store import evidence, findings
from booking.store.database import Transaction
from booking.store.evidence import Evidence
from booking.store.history import as_recorded
from booking.usecases.cover import unlawful

_FIVE = timedelta(minutes=5)
_KNOWN = {one.value for one in Status}
SWEPT_AFTER = timedelta(hours=1)


@dataclass(frozen=True, kw_only=True)
class Violation:
    """`kind` is a stable word, `subject` the id of the appointment or diary it is about."""

    kind: str
    subject: UUID
    sentence: str


@dataclass(frozen=True, kw_only=True)
class AuditReport:
    """`at_risk` counts visits without cover that have a finding: known, and somebody's work, so no violation."""

    violations: tuple[Violation, ...]
    appointments: int
    claims: int
    at_risk: int


def audit(tx: Transaction, caller: Caller) -> AuditReport:
    """Look at every claim, visit, hold and status, and decide every future visit again."""
    permit(caller, Action.AUDIT)
    found = evidence.gather(tx, caller.clinic_id)
    uncovered = unlawful(tx, caller.clinic_id, found.now)
    known = findings.open_kind(tx, caller.clinic_id, findings.LOST_COVER)
    return AuditReport(
        violations=(
            *_overlaps(found),
            *_claims_and_visits(found),
            *_holds(found),
            *_histories(found),
            *_undecided(found),
            *(
                Violation(
                    kind="unlawful",
                    subject=visit,
                    sentence="the visit may not be given by its practitioner: "
                    + "; ".join(reason.need for reason in reasons),
                )
                for visit, reasons in uncovered.items()
                if visit not in known
            ),
        ),
        appointments=len(found.appointments),
        claims=len(found.claims),
        at_risk=sum(visit in known for visit in uncovered),
    )


def _live(row: Mapping[str, Any], found: Evidence) -> bool:
    """Whether the row counts now: a hold does until it expires."""
    return row["expires_at"] is None or bool(row["expires_at"] > found.now)


def _overlaps(found: Evidence) -> Iterator[Violation]:
    """One pass over each diary in the order of starts: whoever starts before the latest end so far overlaps."""
    latest: dict[UUID, Mapping[str, Any]] = {}
    for claim in found.claims:
        if not _live(claim, found):
            continue
        before = latest.get(claim["diary_id"])
        if before is not None and claim["starts_at"] < before["ends_at"]:
            yield Violation(
                kind="overlap",
                subject=claim["diary_id"],
                sentence=f"the appointments {before['appointment_id']} and {claim['appointment_id']}"
                f" claim the same time of one diary, at {claim['starts_at'].isoformat()}",
            )
        if before is None or claim["ends_at"] > before["ends_at"]:
            latest[claim["diary_id"]] = claim


def _claims_and_visits(found: Evidence) -> Iterator[Violation]:
    claimed: dict[UUID, dict[UUID, tuple[Any, Any]]] = defaultdict(dict)
    for claim in found.claims:
        claimed[claim["appointment_id"]][claim["diary_id"]] = (claim["starts_at"], claim["ends_at"])
    for visit in found.appointments:
        takes_time = visit["status"] in TAKES_TIME and not _is_history(visit)
        expected = _expected(visit) if _live(visit, found) and takes_time else {}
        actual = claimed.pop(visit["id"], {})
        if visit["status"] == Status.HELD and not expected:
            continue  # an expired hold may keep or lose its claims until it is swept
        for diary in expected.keys() - actual.keys():
            yield Violation(kind="claim-missing", subject=visit["id"], sentence=f"it takes no time of diary {diary}")
        for diary in actual.keys() - expected.keys():
            yield Violation(kind="claim-left", subject=visit["id"], sentence=f"it still takes time of diary {diary}")
        for diary in actual.keys() & expected.keys():
            if actual[diary] != expected[diary]:
                took = " to ".join(instant.isoformat() for instant in actual[diary])
                sentence = f"what it takes of diary {diary}, {took}, is not the visit's time"
                yield Violation(kind="claim-differs", subject=visit["id"], sentence=sentence)


def _is_history(visit: Mapping[str, Any]) -> bool:
    """Whether it was over when it came here from another system; what merely says so of itself is not believed."""
    was_over = visit["ends_at"] <= visit["created_at"] or visit["status"] not in TAKES_TIME
    return bool(visit["is_history"] and visit["external_reference"] is not None and was_over)


def _expected(visit: Mapping[str, Any]) -> dict[UUID, tuple[Any, Any]]:
    start, end = visit["starts_at"], _end(visit)
    before, after = timedelta(minutes=visit["buffer_before"]), timedelta(minutes=visit["buffer_after"])
    with_buffers = (visit["practitioner_id"], visit["room_id"], *visit["equipment_ids"])
    without = (visit["patient_id"], visit["supervisor_id"])
    claims = {**dict.fromkeys(with_buffers, (start - before, end + after)), **dict.fromkeys(without, (start, end))}
    return {diary: span for diary, span in claims.items() if diary is not None}


def _end(visit: Mapping[str, Any]) -> Any:
    """When the visit's time ends: one that was over early keeps whole fives of minutes, and at least one."""
    if visit["ended_at"] is None:
        return visit["ends_at"]
    fives = -((visit["starts_at"] - visit["ended_at"]) // _FIVE)
    return min(visit["ends_at"], visit["starts_at"] + max(fives, 1) * _FIVE)


def _holds(found: Evidence) -> Iterator[Violation]:
    holds = {visit["id"]: visit for visit in found.appointments if visit["status"] == Status.HELD}
    for claim in found.claims:
        if claim["expires_at"] is not None and claim["appointment_id"] not in holds:
            sentence = f"a claim on diary {claim['diary_id']} expires, though its appointment is no hold"
            yield Violation(kind="orphan-hold", subject=claim["appointment_id"], sentence=sentence)
        elif claim["expires_at"] is None and claim["appointment_id"] in holds:
            sentence = f"a claim on diary {claim['diary_id']} never expires, though its appointment is a hold"
            yield Violation(kind="orphan-hold", subject=claim["appointment_id"], sentence=sentence)
    for hold in holds.values():
        if hold["expires_at"] < found.now - SWEPT_AFTER:
            yield Violation(
                kind="orphan-hold", subject=hold["id"], sentence="it expired over an hour ago; is a worker running?"
            )


def _histories(found: Evidence) -> Iterator[Violation]:
    history: dict[UUID, list[Mapping[str, Any]]] = defaultdict(list)
    for row in found.statuses:
        history[row["appointment_id"]].append(row)
    for visit in found.appointments:
        said = [str(row["status"]) for row in history[visit["id"]]]
        told = ", ".join(said) or "nothing"
        begins = BROUGHT if _is_history(visit) else BEGINS
        if not _KNOWN.issuperset(said) or out_of_order([as_recorded(row) for row in history[visit["id"]]], begins):
            sentence = f"its statuses are out of order: {told}"
            yield Violation(kind="status-order", subject=visit["id"], sentence=sentence)
        elif visit["status"] != Status.HELD and said[-1:] != [visit["status"]]:
            sentence = f"it is {visit['status']}, but its history says {told}"
            yield Violation(kind="status-order", subject=visit["id"], sentence=sentence)


def _undecided(found: Evidence) -> Iterator[Violation]:
    for visit in found.appointments:
        if visit["status"] != Status.HELD and visit["id"] not in found.decided and not _is_history(visit):
            sentence = "no decision is on record that says why its practitioner was allowed"
            yield Violation(kind="undecided", subject=visit["id"], sentence=sentence)
