"""Rule sets from text."""

import hashlib
import tomllib
from collections.abc import Callable, Mapping
from datetime import date
from typing import TypedDict

from booking.domain.errors import RulesInvalid
from booking.domain.reading import Table
from booking.domain.rules.checks import check
from booking.domain.rules.model import (
    CONFIDENCES,
    DOCUMENT_KINDS,
    AllOf,
    AnyOf,
    CredentialNeed,
    DocumentNeed,
    Duty,
    Grant,
    LicenceNeed,
    Limit,
    Need,
    PractisedNeed,
    RuleSet,
    Source,
    Stance,
    TotalNeed,
    Wanted,
)
from booking.domain.words import CREDENTIAL_KINDS, JURISDICTION, PROFESSIONS, REGIONS, TECHNIQUES

_ID = r"[a-z0-9]+([-_.][a-z0-9]+)*"

Sources = Mapping[str, Source]


def parse_rules(text: str) -> RuleSet:
    """The rule set written in `text`, TOML as in the files of `booking/rules`.

    Raises RulesInvalid naming every fault of form: a word or key nobody knows, something missing, a date that is none;
    or, in a text without such, every fault between its parts: days that run backwards, permissions that contradict
    refusals, a permission that asks for no licence, an id used twice.
    """
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise RulesInvalid([f"not TOML: {error}"]) from error
    top = Table(place="rule set", left=data, faults=[])
    rules = _rule_set(top, hashlib.sha256(text.encode()).hexdigest())
    faults = top.faults or check(rules)
    if faults:
        raise RulesInvalid(faults)
    return rules


def _rule_set(top: Table, digest: str) -> RuleSet:
    sources = _sources(top)
    confidence = top.word("confidence", CONFIDENCES)
    rules = RuleSet(
        jurisdiction=top.matching("jurisdiction", JURISDICTION, "US-WA"),
        name=top.text("name"),
        version=top.text("version"),
        confidence=confidence,
        reviewed_on=top.day("reviewed_on"),
        review_by=top.day("review_by"),
        sources=tuple(sources.values()),
        grants=tuple(_grant(table, sources, confidence) for table in top.tables("grant", "grant")),
        digest=digest,
    )
    top.close()
    return rules


def _sources(top: Table) -> Sources:
    if "source" not in top.left:
        top.fault("source is missing")
    found = {}
    for key, table in top.named_tables("source"):
        found[key] = Source(key=key, title=table.text("title"), reference=table.maybe_text("reference"))
        table.close()
    return found


def _cited(table: Table, sources: Sources, inherited: tuple[Source, ...] = ()) -> tuple[Source, ...]:
    if "source" not in table.left:
        if not inherited:
            table.fault("source is missing")
        return inherited
    return tuple(sources[key] for key in table.words("source", sources) if key in sources)


def _grant(table: Table, sources: Sources, confidence: str) -> Grant:
    limit = table.table("limit")
    grant = Grant(
        id=table.matching("id", _ID, "pt"),
        professions=_some(table, "professions", PROFESSIONS),
        stance=Stance(table.word("stance", [*Stance])),
        sources=_cited(table, sources),
        confidence=table.word("confidence", CONFIDENCES, default=confidence),
        say=table.maybe_text("say"),
        first=table.take("from", date),
        last=table.take("until", date),
        expected=table.take("expected", date),
        personal=table.flag("personal", default=True),
        limit=None if limit is None else _limit(limit),
        needs=tuple(_need(inner, sources) for inner in table.tables("require", f"{table.place}, requirement")),
        duties=tuple(_duty(inner) for inner in table.tables("duty", f"{table.place}, duty")),
    )
    table.close()
    return grant


def _some(table: Table, key: str, allowed: frozenset[str]) -> frozenset[str]:
    """A set of words which may not be missing."""
    if key not in table.left:
        table.fault(f"{key} is missing")
    return frozenset(table.words(key, allowed))


def _limit(table: Table) -> Limit:
    limit = Limit(
        say=table.maybe_text("say"),
        regions_only=frozenset(table.words("regions_only", REGIONS)) or None,
        regions_never=frozenset(table.words("regions_never", REGIONS)),
        techniques_only=frozenset(table.words("techniques_only", TECHNIQUES)) or None,
        techniques_never=frozenset(table.words("techniques_never", TECHNIQUES)),
    )
    table.close()
    return limit


def _duty(table: Table) -> Duty:
    duty = Duty(say=table.text("say"), within_days=table.whole("within_days") if "within_days" in table.left else None)
    table.close()
    return duty


class _Common(TypedDict):
    id: str
    say: str
    sources: tuple[Source, ...]
    implied_by: str | None


def _need(table: Table, sources: Sources, inherited: tuple[Source, ...] = ()) -> Need:
    """A requirement; the parts of a combination may leave their source to it."""
    common = _Common(
        id=table.matching("id", _ID, "licence"),
        say=table.text("say"),
        sources=_cited(table, sources, inherited),
        implied_by=table.maybe_text("implied_by"),
    )
    need = _combination(table, common, sources) or _simple(table, common)
    table.close()
    return need


def _combination(table: Table, common: _Common, sources: Sources) -> AnyOf | AllOf | None:
    for key, kind in (("any", AnyOf), ("all", AllOf)):
        if key in table.left:
            inner = table.tables(key, f"{table.place}, {key}")
            if not inner:
                table.fault(f"{key} is empty")
            return kind(**common, parts=tuple(_need(part, sources, common["sources"]) for part in inner))
    return None


def _simple(table: Table, common: _Common) -> Need:
    faults = len(table.faults)
    kind = table.word("need", _NEEDS)
    if len(table.faults) > faults:
        table.left.clear()  # without its need nobody can tell which keys are wrong
        return LicenceNeed(**common)
    return _NEEDS[kind](table, common)


def _licence(table: Table, common: _Common) -> LicenceNeed:
    return LicenceNeed(
        **common,
        issued_by=_place(table),
        compact=table.flag("compact", default=False),
        restricted_ok=table.flag("restricted_ok", default=False),
        registers_excluded=frozenset(table.words("registers_excluded")),
    )


def _credential(table: Table, common: _Common) -> CredentialNeed:
    return CredentialNeed(
        **common,
        kind=table.word("kind", CREDENTIAL_KINDS),
        issued_by=_place(table),
        where=_where(table),
        covers=frozenset(table.words("covers", ("regions", "techniques"))),
    )


def _total(table: Table, common: _Common) -> TotalNeed:
    return TotalNeed(
        **common,
        kind=table.word("kind", CREDENTIAL_KINDS, default="training"),
        of=table.text("of"),
        at_least=table.whole("at_least"),
        where=_where(table),
    )


def _practised(table: Table, common: _Common) -> PractisedNeed:
    counted = table.word("where_counted", ("anywhere", "here"), default="anywhere")
    return PractisedNeed(**common, years=table.whole("years"), here_only=counted == "here")


def _document(table: Table, common: _Common) -> DocumentNeed:
    table.word("phase", ("before_start",))
    return DocumentNeed(**common, kind=table.word("kind", DOCUMENT_KINDS), content=table.words("content"))


_NEEDS: dict[str, Callable[[Table, _Common], Need]] = {
    "licence": _licence,
    "credential": _credential,
    "total": _total,
    "practised": _practised,
    "document": _document,
}


def _place(table: Table) -> str | None:
    return table.matching("issued_by", JURISDICTION, "US-WA") if "issued_by" in table.left else None


def _where(table: Table) -> tuple[Wanted, ...]:
    inner = table.table("where")
    if inner is None:
        return ()
    found = []
    for attribute in list(inner.left):
        value = inner.left.pop(attribute)
        values = tuple(value) if isinstance(value, list) else (value,)
        if not values or not all(isinstance(one, bool | int | str) for one in values):
            inner.fault(f"{attribute} must be text, a whole number, true or false, or a list of such")
        found.append(Wanted(attribute=attribute, values=values))
    return tuple(found)
