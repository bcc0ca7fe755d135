"""How a gap can be closed, in one sentence."""

from datetime import date

from booking.domain.credential import Verification
from booking.domain.eligibility.fitting import Case, fitting, issuer_of, words
from booking.domain.eligibility.judging import Outcome
from booking.domain.eligibility.on_file import label, shortfalls
from booking.domain.rules import (
    AllOf,
    AnyOf,
    CredentialNeed,
    DocumentNeed,
    LicenceNeed,
    Need,
    PractisedNeed,
    Stance,
    TotalNeed,
)
from booking.domain.time.span import TimeSpan

OTHER_PROFESSION = "Assign a practitioner of a profession that may needle there; no training changes this."
LOAD_RULES = "Load a rule set for the site's jurisdiction and have the clinic's owner adopt it."
CORRECT_WORDS = "Correct the regions and techniques of the treatment."


def wait_or_reassign(stance: Stance) -> str:
    if stance is Stance.PENDING:
        return "Assign a practitioner of another profession until the rules are in force and loaded here."
    if stance is Stance.SILENT:
        return "Assign a practitioner of another profession; where the law is silent nobody is assigned."
    return OTHER_PROFESSION


def within_limit(beyond: str) -> str:
    return f"Choose a treatment without {beyond}, or assign a practitioner whose profession has no such limit."


def mend(outcome: Outcome, case: Case, span: TimeSpan, true_from: date | None) -> str:
    """What to do about a need that is not met all through `span`."""
    to_verify = _only_unverified(outcome, case, span)
    deed = f"Verify {to_verify}" if to_verify else _deed(outcome.need, case)
    return f"{deed}, or choose a day from {true_from} on." if true_from else f"{deed}."


def _only_unverified(outcome: Outcome, case: Case, span: TimeSpan) -> str:
    """The credentials which nothing but their verification keeps from counting."""
    need = outcome.need
    if isinstance(need, AnyOf | AllOf | DocumentNeed):
        return ""
    pending = (one for one in fitting(need, case) if one.verification is Verification.PENDING)
    return " and ".join(label(one) for one in pending if len(list(shortfalls(one, need, case, span))) == 1)


def _deed(need: Need, case: Case) -> str:
    match need:
        case LicenceNeed():
            privilege = " or a compact privilege with its home licence" if need.compact else ""
            return (
                f"Record and verify a licence of {issuer_of(need, case)}{privilege} that lasts to the end of the visit"
            )
        case CredentialNeed():
            issuer = f" of {need.issued_by}" if need.issued_by else ""
            return f"Record and verify the {words(need.kind)}{issuer} that this asks for, valid to the end of the visit"
        case TotalNeed():
            return f"Record and verify {words(need.kind)} that adds the missing {words(need.of)}"
        case PractisedNeed():
            return "Record and verify an earlier licence, or assign a practitioner who has been licensed for longer"
        case _:
            return "Meet one of the alternatives, or assign somebody who does"
