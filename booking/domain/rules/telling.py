"""Rules in plain words: what each part of a rule set is called, and how what it says reads."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import MISSING, fields
from datetime import date
from typing import Any

from booking.domain.rules.model import EVERYBODY, Duty, Exemption, Limit, RegionMeaning, Wording
from booking.domain.rules.needs import (
    Accepted,
    AllOf,
    AnyOf,
    CredentialNeed,
    DocumentNeed,
    LicenceNeed,
    Need,
    PatientNeed,
    PractisedNeed,
    SupervisorNeed,
    TotalNeed,
    Wanted,
)

LABELS: Mapping[str, str] = {
    # the head
    "jurisdiction": "jurisdiction", "name": "name", "version": "version", "confidence": "confidence",
    "reviewed_on": "last review", "review_by": "next review by", "within": "lies within",
    # grants
    "professions": "professions", "stance": "stance", "sources": "source", "say": "sentence", "first": "first day",
    "last": "last day", "expected": "expected on", "limit": "limit", "wording": "public wording",
    # limits, and public wording
    "regions_only": "only in the regions", "regions_never": "never in the regions",
    "techniques_only": "only with the techniques", "techniques_never": "never with the techniques",
    "not_both_sides": "not on both sides in one visit", "never": "words never to be used", "must_show": "to be shown",
    # requirements
    "implied_by": "proved at the board by the requirement", "when_regions": "asked only for the regions",
    "when_techniques": "asked only for the techniques", "issued_by": "issued by",
    "registers_excluded": "never from the registers", "accepted": "counts also with the status", "kind": "kind",
    "where": "must show", "covers": "must cover the visit's", "of": "adds up", "at_least": "at least",
    "finish_within_months": "all of it earned within months", "only_for_months": "good for months from the first day",
    "earned_within_years": "no longer counts after years", "years": "years since the first licence",
    "hours": "hours of practice", "mode": "supervisor is", "grants": "supervisor may needle under the grants",
    "kinds": "supervisor holds", "content": "must say", "when": "asked for", "min_age": "patient's least age",
    "guardian_under": "a guardian consents under the age", "phase": "asked when",
}  # fmt: skip
"""What the fields of rules are called, but for those that are told by a sentence of their own."""

NOTHING: Mapping[str, str] = {"first": "since ever", "last": "for good", "issued_by": "whoever is usual"}
"""What it means that a field is left out, where that is not simply none."""

FLAGS: Mapping[str, tuple[str, str]] = {
    "parts_only": ("No site lies directly here", "A site may lie directly here"),
    "personal": ("It may not be delegated", "It may be delegated"),
    "unlicensed": ("The law asks for no licence", "The law asks for a licence"),
    "contested": ("It is contested", "It is not contested"),
    "adjunct_only": ("Only as part of another treatment", "Also as a treatment by itself"),
    "compact": ("A compact privilege counts as well", "A compact privilege does not count"),
    "restricted_ok": ("A licence with conditions counts", "A licence with conditions does not count"),
    "of_site": ("The site must hold it", "The practitioner must hold it"),
    "here_only": ("Only practice in this jurisdiction counts", "Practice anywhere counts"),
    "copy_to_patient": ("The patient gets a copy", "The patient need not get a copy"),
}
"""What is true or false, as a sentence each."""

APART = frozenset({"id", "needs", "parts", "duties", "region_means", "exemptions", "outer", "digest"})
"""Fields that no value is told of: names, the text itself, and what is told part by part."""

_KINDS: Mapping[type[Need], str] = {
    LicenceNeed: "a licence",
    CredentialNeed: "a credential",
    TotalNeed: "an amount that adds up",
    PractisedNeed: "time in practice",
    SupervisorNeed: "a supervisor",
    DocumentNeed: "a document",
    PatientNeed: "something of the patient",
    AnyOf: "one of several",
    AllOf: "all of several",
}


def told(value: Any, nothing: str = "none") -> str:
    """A value of a rule in words."""
    if value in (None, (), frozenset()):
        return nothing
    return _TOLD.get(type(value), lambda one: _spaced(str(one)))(value)


def listed(words: Iterable[str]) -> str:
    """Words of the vocabulary in the order of the alphabet."""
    return ", ".join("everybody" if word == EVERYBODY else _spaced(word) for word in sorted(words)) or "none"


def window(first: date | None, last: date | None, before: str = "") -> str:
    """From when to when, with both days included, after the text `before`; nothing, for always."""
    parts = [f"from {first}"] if first else []
    parts += [f"to {last}"] if last else []
    return before + " ".join(parts) if parts else ""


def kind_of(need: Need) -> str:
    """What kind of requirement it is, such as `a licence`."""
    return _KINDS[type(need)]


def terms(thing: Any, leave_out: Iterable[str] = ()) -> Iterator[str]:
    """Each thing that a requirement, limit or wording says beyond the usual, in a few words."""
    for each in fields(thing):
        value, usual = getattr(thing, each.name), each.default
        if each.name in APART or each.name in leave_out or (usual is not MISSING and value == usual):
            continue
        if each.name in FLAGS:
            yield flag(each.name, value)[0].lower() + flag(each.name, value)[1:]
        elif value not in (None, (), frozenset()):
            yield f"{label(each.name)}: {told(value)}"


def label(name: str) -> str:
    """What a field is called; its own name, if it has no other."""
    return LABELS.get(name, _spaced(name))


def flag(name: str, value: bool) -> str:  # noqa: FBT001 - it is the value that is told
    """What is true or false as a sentence without its full stop."""
    return FLAGS[name][0 if value else 1]


def _wanted(one: Wanted) -> str:
    return f"{_spaced(one.attribute)} = {' or '.join(told(value) for value in one.values)}"


def _accepted(one: Accepted) -> str:
    return listed(one.statuses) + (f" until {one.last}" if one.last else "")


def _duty(one: Duty) -> str:
    return one.say + (f" (within {one.within_days} days)" if one.within_days else "")


def _meaning(one: RegionMeaning) -> str:
    return f"{_spaced(one.word)} means {listed(one.covers)}"


def _exemption(one: Exemption) -> str:
    about = f"{', '.join(one.needs)}{window(one.first, one.last, ', ')}"
    return f"{one.say.rstrip('.')} ({about}). Source: {told(one.sources)}"


def _limit(one: Limit) -> str:
    exact = "; ".join(terms(one, ["say"]))
    return f"{one.say.rstrip('.')} ({exact})" if one.say else exact


def _spaced(text: str) -> str:
    """A word of the vocabulary as it is read aloud; any other text as it is."""
    return text.replace("_", " ") if re.fullmatch("[a-z_]+", text) else text


_TOLD: Mapping[type, Callable[[Any], str]] = {
    bool: lambda one: str(one).lower(),
    frozenset: listed,
    tuple: lambda one: "; ".join(told(each) for each in one),
    Wanted: _wanted,
    Accepted: _accepted,
    Duty: _duty,
    RegionMeaning: _meaning,
    Exemption: _exemption,
    Limit: _limit,
    Wording: lambda one: "; ".join(terms(one)),
}
