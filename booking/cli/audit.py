"""`booking audit`: whether what is on record can be true, is as it was written, and was decided rightly."""

import argparse
import sys
import time
from collections.abc import Iterable, Iterator
from uuid import UUID

from booking.cli.common import open_database, operator, plural, say, settings, the_clinic
from booking.domain.clinic import Clinic
from booking.domain.eligibility.grounds import account
from booking.domain.errors import InvalidInput, NotFound
from booking.store.database import Database
from booking.store.seals import Seal
from booking.usecases.audit import AuditReport, Violation, audit
from booking.usecases.chain import Standing, check_decision
from booking.usecases.proving import Step, prove
from booking.usecases.replay import Agreement, Replayed, replay
from booking.usecases.views.catalogue import all_clinics

TELL_EVERY_SECONDS = 5.0


def add_commands(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = commands.add_parser("audit", help="check what is on record; exit 1 on a violation")
    parser.add_argument("--clinic", metavar="SLUG", help="only this clinic; otherwise all of them")
    instead = parser.add_mutually_exclusive_group()
    instead.add_argument(
        "--decisions",
        action="store_true",
        help="instead of visits and claims, check history against its seals and make every decision again",
    )
    instead.add_argument(
        "--decision", type=_id, metavar="ID", help="tell one decision, or those on one visit, and make it again"
    )
    parser.add_argument(
        "--head", metavar="DIGEST", help="with --decisions: the digest of a seal that was written down before"
    )
    parser.set_defaults(run=run_audit)


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise argparse.ArgumentTypeError("must be an id, as it is listed") from None


def run_audit(arguments: argparse.Namespace) -> int:
    """A line for each violation; 1 when there is one."""
    if arguments.head and not arguments.decisions:
        raise InvalidInput("head", "A head is compared with the seals: --head goes with --decisions.")
    worst = 0
    with open_database(settings()) as database:
        one_alone = arguments.clinic or arguments.head
        several = [the_clinic(database, arguments.clinic)] if one_alone else database.read_now(all_clinics)
        if arguments.decision:
            return _tell_decisions(database, several, arguments.decision)
        for clinic in several:
            found = _prove(database, clinic, arguments.head) if arguments.decisions else audit_clinic(database, clinic)
            worst = max(worst, found)
        if not several:
            say("There is no clinic yet, and nothing to check.")
    return worst


def audit_clinic(database: Database, clinic: Clinic) -> int:
    """Say what is wrong with visits and claims, a line each, and how much was looked at; 1 when something is."""
    report: AuditReport = database.read_now(audit, operator(clinic))
    _list(report.violations)
    seen = f"{plural(report.appointments, 'appointment')}, {plural(report.claims, 'claim')}"
    risk = f"; {plural(report.at_risk, 'visit')} at risk, each with a finding" if report.at_risk else ""
    say(f"{clinic.name}: {seen}: {_verdict(len(report.violations))}{risk}.")
    return int(bool(report.violations))


def _prove(database: Database, clinic: Clinic, head: str | None) -> int:
    """The last line is for being written down elsewhere: it is what `--head` takes."""
    rows = waiting = decisions = untold = violations = 0
    last: Seal | None = None
    for step in _telling(prove(database, operator(clinic), head)):
        _list(step.violations)
        rows += sum(seal.rows for seal in step.seals)
        last = step.seals[-1] if step.seals else last
        waiting, decisions = waiting + step.waiting, decisions + step.decisions
        untold, violations = untold + step.untold, violations + len(step.violations)
    sealed = f"{plural(rows, 'row')} under {plural(last.number if last else 0, 'seal')}, {waiting} waiting for one"
    other = f"; {plural(untold, 'decision')} that only an earlier version of this program could make" if untold else ""
    say(f"{clinic.name}: {sealed}; {plural(decisions, 'decision')} made again: {_verdict(violations)}{other}.")
    if last is None:
        say(f"{clinic.name}: nothing is sealed yet; is `booking worker` running?")
    else:
        at = last.at.isoformat(timespec="seconds")
        say(f"{clinic.name}: the last seal, {last.number}, is of {at}; its digest is {last.digest}")
    return int(bool(violations))


def _telling(steps: Iterable[Step]) -> Iterator[Step]:
    """The steps as they come; while they take long, how far they are."""
    told, rows, decisions = time.monotonic(), 0, 0
    for step in steps:
        rows += sum(seal.rows for seal in step.seals) + step.waiting
        decisions += step.decisions
        if time.monotonic() > told + TELL_EVERY_SECONDS:
            told = time.monotonic()
            sys.stderr.write(f"… {plural(rows, 'row')}, {plural(decisions, 'decision')}\n")
        yield step


def _tell_decisions(database: Database, several: Iterable[Clinic], subject: UUID) -> int:
    for clinic in several:
        try:
            found = database.read_now(replay, operator(clinic), subject)
        except NotFound:
            continue
        standings = [database.read_now(check_decision, operator(clinic), one.decision.id) for one in found]
        for one, standing in zip(found, standings, strict=True):
            _tell(one, standing)
        return int(any(one.fault for one in found) or any(one.violations for one in standings))
    raise NotFound("decision")


_VERDICTS = {
    Agreement.AGREES: "Asked again with the rules and credentials as they were, the answer is the same.",
    Agreement.DIFFERS: "Asked again with the rules and credentials as they were, the answer is another:",
    Agreement.CANNOT: "It cannot be asked again:",
}


def _tell(one: Replayed, standing: Standing) -> None:
    at = one.decision.at.isoformat(timespec="seconds")
    say(f"Decision {one.decision.id} of {at}, on the visit {one.decision.appointment_id}")
    if one.answer is not None and one.known is not None:
        say(*(f"  {line}" for line in account(one.answer, one.known.span)))
    say(f"  {_VERDICTS[one.agreement]}", *(f"    {sentence}" for sentence in one.sentences))
    sealed = "It waits for its seal" if standing.seal is None else f"It is under seal {standing.seal}"
    say(f"  {sealed}.", *(f"    {violation.sentence}" for violation in standing.violations))


def _list(violations: Iterable[Violation]) -> None:
    for violation in violations:
        say(f"{violation.kind}  {violation.subject}  {violation.sentence}")


def _verdict(violations: int) -> str:
    return plural(violations, "violation") if violations else "no violation"
