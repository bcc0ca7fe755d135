"""Asking again what was decided: with the rules, the credentials and the question as they were then."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from uuid import UUID

from booking.domain.credential import Credential
from booking.domain.eligibility import EVALUATOR, Eligibility, Leaf, evaluate, record
from booking.domain.eligibility.record import Recorded
from booking.domain.errors import NotFound, RulesInvalid
from booking.domain.ids import ClinicId, CredentialId
from booking.domain.permission import Action, Caller, permit
from booking.domain.rules import RuleSet, parse_rules, stacked
from booking.domain.time.zone import tzdata_version
from booking.store import clinics, credential_versions, decisions, rule_texts
from booking.store.database import Transaction
from booking.store.decisions import Decision


class Agreement(StrEnum):
    AGREES = "agrees"
    DIFFERS = "differs"
    CANNOT = "cannot"


@dataclass(frozen=True, kw_only=True)
class Replayed:
    """A decision and what comes of asking again.

    `known` is what was written down, None where that cannot be read; `answer` is None where nobody could be asked.
    `fault` is a stable word where something on record is not what it must be, and None where all is well or no version
    of this program but an earlier one can tell. `sentences` say what differs or is missing.
    """

    decision: Decision
    agreement: Agreement
    sentences: tuple[str, ...] = ()
    fault: str | None = None
    known: Recorded | None = None
    answer: Eligibility | None = None


class _Missing(Exception):
    """Something that the question was asked with is not on file as it was; `fault` None blames nobody."""

    def __init__(self, fault: str | None, sentence: str) -> None:
        super().__init__(sentence)
        self.fault, self.sentence = fault, sentence


@dataclass(frozen=True, kw_only=True)
class Archive:
    """The rules and credentials of the past, as far as they have been asked for; good for many decisions."""

    clinic_id: ClinicId
    names: Mapping[UUID, str]
    rules: dict[tuple[str, ...], RuleSet | _Missing] = field(default_factory=dict)
    credentials: dict[tuple[CredentialId, int], Credential] = field(default_factory=dict)


def open_archive(tx: Transaction, clinic_id: ClinicId) -> Archive:
    people = clinics.practitioners(tx, clinic_id)
    return Archive(clinic_id=clinic_id, names={who: one.name for who, one in people.items()})


def replay(tx: Transaction, caller: Caller, subject: UUID) -> list[Replayed]:
    """Ask again what was decided: one decision, or all that were made on a visit. Raises NotFound."""
    permit(caller, Action.AUDIT)
    found = decisions.about(tx, caller.clinic_id, subject)
    if not found:
        raise NotFound("decision")
    return replayed(tx, open_archive(tx, caller.clinic_id), found)


def replayed(tx: Transaction, archive: Archive, several: Iterable[Decision]) -> list[Replayed]:
    """Ask each again, reading what they were asked with together."""
    read = [(one, _read(archive, one)) for one in several]
    _know(tx, archive, {pair for _, known in read if known is not None for pair in known.versions.items()})
    return [_replayed(tx, archive, one, known) for one, known in read]


def _read(archive: Archive, decision: Decision) -> Recorded | None:
    try:
        return record.read(decision.body, archive.names)
    except ValueError:
        return None


def _replayed(tx: Transaction, archive: Archive, decision: Decision, known: Recorded | None) -> Replayed:
    if known is None:
        said = "what it was asked is not written down in a form that this program reads"
        return Replayed(decision=decision, agreement=Agreement.CANNOT, sentences=(said,))
    try:
        answer = _ask_again(tx, archive, known)
    except _Missing as missing:
        return Replayed(
            decision=decision,
            agreement=Agreement.CANNOT,
            fault=missing.fault,
            sentences=(missing.sentence,),
            known=known,
        )
    return replace(_compared(decision, known, answer), known=known, answer=answer)


def _compared(decision: Decision, known: Recorded, answer: Eligibility) -> Replayed:
    differences = tuple(_differences(known, answer))
    if decision.evaluator != EVALUATOR:  # what differs is no fault of the record
        said = f"it was decided by version {decision.evaluator} of the evaluator; this program has version {EVALUATOR}"
        return Replayed(decision=decision, agreement=Agreement.CANNOT, sentences=(said, *differences))
    if not differences:
        return Replayed(decision=decision, agreement=Agreement.AGREES)
    sentences = (*differences, *_another_tzdata(known))
    return Replayed(decision=decision, agreement=Agreement.DIFFERS, fault="replay-differs", sentences=sentences)


def _ask_again(tx: Transaction, archive: Archive, known: Recorded) -> Eligibility:
    held = {}
    for one, version in known.versions.items():
        credential = archive.credentials.get((one, version))
        if credential is None:
            raise _Missing("credential-missing", f"version {version} of the credential {one} is not on file as it was")
        held[one] = credential
    return evaluate(_rules(tx, archive, known.rules), known.asked(held))


def _rules(tx: Transaction, archive: Archive, digests: tuple[str, ...]) -> RuleSet | None:
    if not digests:
        return None
    if digests not in archive.rules:
        try:
            archive.rules[digests] = _stack(tx, digests)
        except _Missing as missing:
            archive.rules[digests] = missing
    found = archive.rules[digests]
    if isinstance(found, _Missing):
        raise found
    return found


def _stack(tx: Transaction, digests: tuple[str, ...]) -> RuleSet:
    found = [_rule_set(tx, digest) for digest in digests]
    try:
        return stacked(found)[found[0].jurisdiction]
    except RulesInvalid as refusal:
        raise _Missing("rules-altered", "the rule sets it names do not belong together") from refusal


def _rule_set(tx: Transaction, digest: str) -> RuleSet:
    text = rule_texts.by_digest(tx, digest)
    if text is None:
        raise _Missing("rules-missing", f"the rule set {digest} is not on file")
    altered = _Missing("rules-altered", f"the text of the rule set {digest} is not what it was when it was adopted")
    try:
        found = parse_rules(text)
    except RulesInvalid as refusal:
        raise altered from refusal
    if found.digest != digest:
        raise altered
    return found


def _know(tx: Transaction, archive: Archive, pairs: set[tuple[CredentialId, int]]) -> None:
    """Read these versions of credentials; of one credential there may be several."""
    missing = pairs - archive.credentials.keys()
    while missing:
        turn = dict(missing)
        for one, credential in _as_of(tx, archive.clinic_id, list(turn.items())).items():
            archive.credentials[one, turn[one]] = credential
        missing -= set(turn.items())


def _as_of(
    tx: Transaction, clinic_id: ClinicId, versions: Sequence[tuple[CredentialId, int]]
) -> dict[CredentialId, Credential]:
    """Those that are on file and can be read: somebody may have written anything over one."""
    try:
        return credential_versions.as_of(tx, clinic_id, versions)
    except (AttributeError, KeyError, TypeError, ValueError):
        if len(versions) == 1:
            return {}
    return {one: said for pair in versions for one, said in _as_of(tx, clinic_id, [pair]).items()}


def _differences(known: Recorded, answer: Eligibility) -> Iterator[str]:
    allowed = answer.spans.covers(known.span)
    if allowed != known.allowed:
        yield f"the visit was {_may(known.allowed)} then; asked again, it is {_may(allowed)}"
    then, again = _by_name(known.leaves), _by_name(answer.leaves(known.span))
    for name in sorted(then.keys() | again.keys()):
        if then.get(name) != again.get(name):
            yield f"{name} {_stood(then.get(name))} then; asked again, it {_stood(again.get(name))}"


def _may(allowed: bool) -> str:  # noqa: FBT001 -- the word for it
    return "allowed" if allowed else "refused"


def _by_name(leaves: Iterable[Leaf]) -> dict[str, Leaf]:
    """One that a visit meets in several parts of its time has its number in the name."""
    seen: Counter[str] = Counter()
    found = {}
    for leaf in leaves:
        name = f"{leaf.grant}.{leaf.need}" if leaf.grant else leaf.need
        seen[name] += 1
        found[name if seen[name] == 1 else f"{name} ({seen[name]})"] = leaf
    return found


def _stood(leaf: Leaf | None) -> str:
    if leaf is None:
        return "was not asked"
    by = f" by {', '.join(str(one) for one in leaf.credential_ids)}" if leaf.credential_ids else ""
    return f"{'held' if leaf.held else 'did not hold'}{by}"


def _another_tzdata(known: Recorded) -> Iterator[str]:
    if known.tzdata != tzdata_version():
        yield f"the clocks were those of tzdata {known.tzdata} then, and are those of {tzdata_version()} now"
