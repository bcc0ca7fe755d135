"""The law that the clinic goes by: the rule sets it adopts, and what its owner decides where they are silent."""

from collections.abc import Mapping
from dataclasses import fields

from booking import rules as shipped_rules
from booking.domain.eligibility import OwnerDecision
from booking.domain.errors import ClinicInvalid, RulesInvalid
from booking.domain.rules import RuleSet, parse_rules
from booking.store import credentials, owner_decisions
from booking.store.installation import Kind
from booking.store.owner_decisions import RecordedDecision
from booking.usecases.clinic_file.model import AdoptedRules, ClinicFile, DecisionFile
from booking.usecases.clinic_file.syncing import Sync

DEMO_RULES = "DEMO"


def adopt(sync: Sync, file: ClinicFile, kind: Kind) -> None:
    """Go by the versions of rules that the file names. Raises ClinicInvalid for those that are not there to adopt."""
    texts = shipped_rules.shipped()
    on_record = credentials.adoptions(sync.tx, sync.clinic_id)
    current = credentials.adopted(sync.tx, sync.clinic_id)
    faults: list[str] = []
    for wanted in file.rules:
        record, here = on_record.get(wanted.jurisdiction), current.get(wanted.jurisdiction)
        if record and here and (here.version, record.adopted_by, record.adopted_on) == (
            wanted.version, wanted.adopted_by, wanted.adopted_on
        ):  # fmt: skip
            continue
        text = texts.get(wanted.jurisdiction, "")
        fault = _cannot_adopt(wanted, text, kind)
        if fault:
            faults.append(fault)
            continue
        credentials.adopt(sync.tx, sync.clinic_id, parse_rules(text), text, wanted.adopted_by, wanted.adopted_on)
        sync.note("+", f"rules {wanted.jurisdiction}", f"version {wanted.version} adopted by {wanted.adopted_by}")
    if faults:
        raise ClinicInvalid(faults)
    try:
        now_adopted = credentials.adopted(sync.tx, sync.clinic_id)
    except RulesInvalid as error:
        raise ClinicInvalid([f"rules {fault}" for fault in error.details["faults"]]) from error
    _ensure_parts(file, now_adopted)


def _ensure_parts(file: ClinicFile, adopted: Mapping[str, RuleSet]) -> None:
    """Raises ClinicInvalid for a site whose jurisdiction leaves open which law holds there as well."""
    nowhere = [site for site in file.sites if (here := adopted.get(site.jurisdiction)) and here.parts_only]
    if nowhere:
        raise ClinicInvalid([
            f'site "{site.slug}": jurisdiction must name the part of {site.jurisdiction} it lies in, whose law holds'
            " there as well; `booking rules list` names those there are"
            for site in nowhere
        ])  # fmt: skip


def _cannot_adopt(wanted: AdoptedRules, text: str, kind: Kind) -> str | None:
    if not text:
        return f"there are no rules for {wanted.jurisdiction!r}; `booking rules list` names those there are"
    version = parse_rules(text).version
    if version != wanted.version:
        return (
            f"the rules for {wanted.jurisdiction} are at version {version}, the file adopts {wanted.version}:"
            f" read them (`booking rules show {wanted.jurisdiction}`), then name the version you adopt"
        )
    if wanted.jurisdiction == DEMO_RULES and kind is Kind.REAL:
        return "the DEMO rules are no law of any place; only the demo may go by them"
    return None


def decide(sync: Sync, file: ClinicFile) -> None:
    """Let the owner's decisions be those of the file. Raises ClinicInvalid for one that decides nothing.

    A decision is of a grant as one version of the rules has it: under another version the owner decides anew.
    """
    adopted = credentials.adopted(sync.tx, sync.clinic_id)
    if faults := [fault for one in file.decisions if (fault := _decides_nothing(one, adopted.get(one.jurisdiction)))]:
        raise ClinicInvalid(faults)
    known = owner_decisions.recorded(sync.tx, sync.clinic_id)
    for one in file.decisions:
        wanted = RecordedDecision(decision=_as_decision(one), rules_version=one.version)
        if known.pop((one.jurisdiction, one.grant), None) != wanted:
            owner_decisions.record(sync.tx, sync.clinic_id, wanted)
            until = f", until {one.valid_until}" if one.valid_until else ""
            sync.note("+", f"owner's decision on {one.jurisdiction} {one.grant}", f"by {one.decided_by}{until}")
    for jurisdiction, grant in known:
        owner_decisions.remove(sync.tx, sync.clinic_id, jurisdiction, grant)
        sync.note("-", f"owner's decision on {jurisdiction} {grant}", "withdrawn")


def _decides_nothing(one: DecisionFile, rules: RuleSet | None) -> str | None:
    place = f"owner_decision {one.jurisdiction} {one.grant}"
    if rules is None:
        return f"{place}: this file does not adopt the rules of {one.jurisdiction}"
    if one.version != rules.version:
        return (
            f"{place}: it was decided of version {one.version}, the file adopts {rules.version}:"
            f" read the grant again (`booking rules show {one.jurisdiction}`), and decide anew"
        )
    waiting = [grant.id for grant in rules.grants if grant.to_decide]
    if one.grant not in waiting:
        there = f"those that do are {', '.join(waiting)}" if waiting else "none does"
        return f"{place}: no grant of that name waits for a decision; {there}"
    return None


def _as_decision(one: DecisionFile) -> OwnerDecision:
    same = {each.name: getattr(one, each.name) for each in fields(one) if each.name != "version"}
    return OwnerDecision(**same)
