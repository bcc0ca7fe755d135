"""How a gap can be closed, in one sentence."""

from datetime import date

from booking.domain.credential import Verification
from booking.domain.eligibility.fitting import Case, LeafNeed, fitting, issuer_of, listed, words
from booking.domain.eligibility.outcome import Outcome
from booking.domain.eligibility.shortfalls import label, shortfalls
from booking.domain.rules import (
    CredentialNeed,
    LicenceNeed,
    Mode,
    Need,
    PatientNeed,
    PractisedNeed,
    Stance,
    SupervisorNeed,
    TotalNeed,
)
from booking.domain.time.span import TimeSpan

OTHER_PROFESSION = "Assign a practitioner of a profession that may needle there; no training changes this."
LOAD_RULES = "Load a rule set for the site's jurisdiction and have the clinic's owner adopt it."
CORRECT_WORDS = "Correct the regions and techniques of the treatment."
DECIDE = (
    "Have the clinic's owner read the sources and record a dated decision with its basis, or assign a practitioner of"
    " another profession."
)


def load_outer(place: str) -> str:
    return f"Load the rule set of {place} as well and have the clinic's owner adopt it."


def name_part(place: str) -> str:
    return (
        f"Write the site's jurisdiction as the part of {place} it lies in, and have the clinic's owner adopt"
        " the rule set of that part as well."
    )


def wait_or_reassign(stance: Stance) -> str:
    if stance is Stance.PENDING:
        return "Assign a practitioner of another profession until the rules are in force and loaded here."
    return OTHER_PROFESSION


def within_limit(rule: str, beyond: str) -> str:
    if rule == "adjunct_only":
        return "Offer it only together with an assessment or another treatment."
    if rule == "not_both_sides":
        return f"Treat one side of {beyond} in a visit, and the other in a later one."
    return f"Choose a treatment without {beyond}, or assign a practitioner whose profession has no such limit."


def mend(outcome: Outcome, case: Case, span: TimeSpan, true_from: date | None) -> str:
    """What to do about a need that is not met all through `span`."""
    to_verify = _only_unverified(outcome, case, span)
    deed = f"Verify {to_verify}" if to_verify else _deed(outcome.need, case)
    return f"{deed}, or choose a day from {true_from} on." if true_from else f"{deed}."


def _only_unverified(outcome: Outcome, case: Case, span: TimeSpan) -> str:
    """The credentials which nothing but their verification keeps from counting."""
    need = outcome.need
    if not isinstance(need, LeafNeed):
        return ""
    pending = (one for one in fitting(need, case) if one.verification is Verification.PENDING)
    return " and ".join(label(one) for one in pending if len(list(shortfalls(one, need, case, span))) == 1)


_TO_THE_END = "to the end of the visit"
_HOURS = "the missing hours of practice"
_NEARNESS = {
    Mode.ON_SITE: "who is on the premises during the visit",
    Mode.DIRECT: "who is in the room during the visit",
}


def _deed(need: Need, case: Case) -> str:
    match need:
        case LicenceNeed():
            privilege = " or a compact privilege with its home licence" if need.compact else ""
            deed = f"Record and verify a licence of {issuer_of(need, case)}{privilege} that lasts {_TO_THE_END}"
        case CredentialNeed():
            issuer = f" of {need.issued_by}" if need.issued_by else ""
            whose = "the site's" if need.of_site else "the"
            deed = f"Record and verify {whose} {words(need.kind)}{issuer} that this asks for, valid {_TO_THE_END}"
        case TotalNeed():
            deed = f"Record and verify {words(need.kind)} that adds the missing {words(need.of)}"
        case PractisedNeed():
            what = " and ".join(filter(None, ("an earlier licence" * bool(need.years), _HOURS * bool(need.hours))))
            deed = f"Record and verify {what}, or assign a practitioner who has been licensed for longer"
        case SupervisorNeed():
            deed = f"Find {_supervisor(need)} {_NEARNESS[need.mode]}, or assign somebody who needs no supervisor"
        case PatientNeed():
            deed = "Make sure of the patient's date of birth, or choose a treatment without needles"
        case _:
            deed = "Meet one of the alternatives, or assign somebody who does"
    return deed


def _supervisor(need: SupervisorNeed) -> str:
    years = f" licensed for {need.years} years" if need.years else ""
    return f"a supervisor ({listed(need.professions)}){years}"
