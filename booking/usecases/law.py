"""What the clinic's owner decides where the law is silent or too little is known of it, entered at the desk."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from booking.domain.credential import ensure_forward
from booking.domain.eligibility import OwnerDecision
from booking.domain.errors import InvalidInput, NotFound
from booking.domain.ids import AppointmentId, ClinicId
from booking.domain.permission import Action, Caller, permit
from booking.domain.rules import Grant, RuleSet, Stance
from booking.domain.time.zone import begun_everywhere
from booking.store import credentials, diaries, findings, history, owner_decisions
from booking.store.database import Transaction
from booking.store.idempotency import RequestKey
from booking.store.owner_decisions import RecordedDecision
from booking.usecases.cover import recheck, unlawful
from booking.usecases.idempotent import once

_REFUSED = {
    Stance.PERMITTED: "This grant waits for no decision: the law allows it to whoever meets its requirements.",
    Stance.PROHIBITED: "The law forbids it, and no decision of the owner can open it.",
    Stance.PENDING: "The law does not allow it yet, and no decision of the owner can open it before it does.",
}


@dataclass(frozen=True, kw_only=True)
class DecideGrant:
    """The owner has decided that the grant may be used, from `decided_on` (today, when None) to `valid_until`.

    `version` is that of the rules in which the grant was read; None takes the adopted one to have been read.
    """

    jurisdiction: str
    grant: str
    decided_by: str
    basis: str
    decided_on: date | None = None
    valid_until: date | None = None
    version: str | None = None
    request: RequestKey | None = None


@dataclass(frozen=True, kw_only=True)
class WithdrawDecision:
    """The owner no longer stands by what was decided of the grant."""

    jurisdiction: str
    grant: str
    request: RequestKey | None = None


@dataclass(frozen=True, kw_only=True)
class LawChanged:
    """The decision as it is now, or None without one, and what it did to visits, each in the order of time.

    `lost` are the visits that lost their cover by it, `covered` those that got it, and `at_risk` all that are without
    cover now. None has been changed.
    """

    jurisdiction: str
    grant: str
    decision: RecordedDecision | None
    at_risk: tuple[AppointmentId, ...]
    lost: tuple[AppointmentId, ...]
    covered: tuple[AppointmentId, ...]


def decide_grant(tx: Transaction, caller: Caller, command: DecideGrant) -> LawChanged:
    """Put the decision on record, of the rules that are adopted now; it takes the place of an earlier one.

    Raises NotFound for rules that are not adopted and for a grant that is not in them, InvalidInput for a grant that
    waits for no decision, for one read in another version, and for a decision that says nothing. The same decision
    again changes nothing.
    """
    permit(caller, Action.DECIDE_GRANTS)

    def act() -> tuple[LawChanged, Mapping[str, Any]]:
        diaries.lock_clinic(tx, caller.clinic_id, exclusive=True)
        wanted = _wanted(tx, caller.clinic_id, command)
        if _recorded(tx, caller.clinic_id, command) == wanted:
            return _answer(tx, caller, command, (), ())
        owner_decisions.record(tx, caller.clinic_id, wanted)
        one = wanted.decision
        until = None if one.valid_until is None else one.valid_until.isoformat()
        days = {"decided_on": one.decided_on.isoformat(), "valid_until": until}
        said = {"decided_by": one.decided_by, "basis": one.basis, "version": wanted.rules_version}
        return _follow(tx, caller, command, "grant_decided", **days, **said)

    return once(tx, caller.clinic_id, command.request, act, lambda record: _again(tx, caller, command, record))


def withdraw_decision(tx: Transaction, caller: Caller, command: WithdrawDecision) -> LawChanged:
    """The grant waits for a decision again. Raises NotFound when none is on record."""
    permit(caller, Action.DECIDE_GRANTS)

    def act() -> tuple[LawChanged, Mapping[str, Any]]:
        diaries.lock_clinic(tx, caller.clinic_id, exclusive=True)
        known = _recorded(tx, caller.clinic_id, command)
        if known is None:
            raise NotFound("decision")
        owner_decisions.remove(tx, caller.clinic_id, command.jurisdiction, command.grant)
        return _follow(tx, caller, command, "decision_withdrawn", version=known.rules_version)

    return once(tx, caller.clinic_id, command.request, act, lambda record: _again(tx, caller, command, record))


def _wanted(tx: Transaction, clinic_id: ClinicId, command: DecideGrant) -> RecordedDecision:
    rules = credentials.adopted(tx, clinic_id).get(command.jurisdiction)
    if rules is None:
        raise NotFound("set of rules among those that the clinic goes by")
    _ensure_waits(rules, command.grant)
    if command.version not in {None, rules.version}:
        raise InvalidInput(
            "version",
            f"The clinic goes by version {rules.version} of these rules now: read what it says, then decide.",
        )
    for field, text in (("decided_by", command.decided_by), ("basis", command.basis)):
        if not text.strip():
            raise InvalidInput(field, "A decision says who made it, and on what basis.")
    first = command.decided_on or begun_everywhere(tx.now())
    ensure_forward(first, command.valid_until, "valid_until", "A decision")
    decision = OwnerDecision(
        jurisdiction=command.jurisdiction,
        grant=command.grant,
        decided_on=first,
        decided_by=command.decided_by,
        basis=command.basis,
        valid_until=command.valid_until,
    )
    return RecordedDecision(decision=decision, rules_version=rules.version)


def _ensure_waits(rules: RuleSet, grant_id: str) -> None:
    grant: Grant | None = next((one for one in rules.grants if one.id == grant_id), None)
    if grant is None:
        raise NotFound("grant in these rules")
    if not grant.to_decide:
        raise InvalidInput("grant", _REFUSED[grant.stance])


def _follow(
    tx: Transaction, caller: Caller, command: DecideGrant | WithdrawDecision, deed: str, **said: str | None
) -> tuple[LawChanged, Mapping[str, Any]]:
    """Everything that follows a change; the revision last, since what it stands for is remembered."""
    now = tx.now()
    uncovered = findings.About(kinds={findings.LOST_COVER}, visits_after=now)
    before = [one.id for one in findings.visits(tx, caller.clinic_id, uncovered)]
    after = recheck(tx, caller.clinic_id, now)
    which = {"jurisdiction": command.jurisdiction, "grant": command.grant}
    history.add_audit(tx, caller, deed, None, now, **which, **said)
    diaries.raise_offer(tx, caller.clinic_id)
    lost = [one for one in after if one not in before]
    return _answer(tx, caller, command, lost, [one for one in before if one not in after], after)


def _answer(
    tx: Transaction,
    caller: Caller,
    command: DecideGrant | WithdrawDecision,
    lost: Sequence[AppointmentId],
    covered: Sequence[AppointmentId],
    at_risk: Sequence[AppointmentId] | None = None,
) -> tuple[LawChanged, Mapping[str, Any]]:
    changed = LawChanged(
        jurisdiction=command.jurisdiction,
        grant=command.grant,
        decision=_recorded(tx, caller.clinic_id, command),
        at_risk=tuple(unlawful(tx, caller.clinic_id, tx.now()) if at_risk is None else at_risk),
        lost=tuple(lost),
        covered=tuple(covered),
    )
    return changed, {"lost": [str(one) for one in lost], "covered": [str(one) for one in covered]}


def _again(
    tx: Transaction, caller: Caller, command: DecideGrant | WithdrawDecision, record: Mapping[str, Any]
) -> LawChanged:
    lost, covered = ([AppointmentId(UUID(one)) for one in record[name]] for name in ("lost", "covered"))
    return _answer(tx, caller, command, lost, covered)[0]


def _recorded(tx: Transaction, clinic_id: ClinicId, command: DecideGrant | WithdrawDecision) -> RecordedDecision | None:
    return owner_decisions.recorded(tx, clinic_id).get((command.jurisdiction, command.grant))
