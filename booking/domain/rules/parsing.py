"""Rule sets from text."""

import hashlib
import tomllib
from collections.abc import Callable
from datetime import date
from functools import cache

from booking.domain.errors import RulesInvalid
from booking.domain.reading import Path, Table
from booking.domain.rules.checks import check
from booking.domain.rules.lines import line_of, lines_of
from booking.domain.rules.model import (
    CONFIDENCES,
    EVERYBODY,
    Duty,
    Exemption,
    Grant,
    Limit,
    RegionMeaning,
    RuleSet,
    Stance,
    Wording,
)
from booking.domain.rules.needs import Source
from booking.domain.rules.requirements import ID, Sources, cited, requirement, some
from booking.domain.words import JURISDICTION, PROFESSIONS, REGIONS, TECHNIQUES


def parse_rules(text: str, file: str = "") -> RuleSet:
    """The rule set written in `text`, TOML as in the files of `booking/rules`; docs/rules.md is the format.

    Raises RulesInvalid naming every fault of form: a word or key nobody knows, something missing, a date that is none;
    or, in a text without such, every fault between its parts: days that run backwards, permissions that contradict
    refusals, a permission that asks for no licence, an id used twice. A fault begins with its line, and the `file`.
    """
    begin = _beginnings(text, file)
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise RulesInvalid([f"{f'{file}: ' if file else ''}not TOML: {error}"]) from error
    faults: list[str] = []
    rules = _rule_set(Table(place="rule set", left=data, faults=faults, line=begin), text)
    faults = faults or [f"{begin(path)}{sentence}" for path, sentence in check(rules)]
    if faults:
        raise RulesInvalid(faults)
    return rules


def _beginnings(text: str, file: str) -> Callable[[Path], str]:
    """What a fault at a path begins with: "US-WA.toml:12: " or "line 12: "."""
    lines = cache(lambda: lines_of(text))

    def begin(path: Path) -> str:
        number = line_of(path, lines())
        if file:
            return f"{file}: " if number is None else f"{file}:{number}: "
        return "" if number is None else f"line {number}: "

    return begin


def _rule_set(top: Table, text: str) -> RuleSet:
    sources = _sources(top)
    confidence = top.word("confidence", CONFIDENCES)
    rules = RuleSet(
        jurisdiction=top.matching("jurisdiction", JURISDICTION, "US-WA"),
        name=top.text("name"),
        version=top.text("version"),
        confidence=confidence,
        reviewed_on=top.day("reviewed_on"),
        review_by=top.day("review_by"),
        within=top.matching("within", JURISDICTION, "AU") if "within" in top.left else None,
        parts_only=top.flag("parts_only", default=False),
        sources=tuple(sources.values()),
        region_means=_region_means(top),
        exemptions=tuple(_exemption(table, sources) for table in top.tables("exempts", "exempts")),
        grants=tuple(_grant(table, sources, confidence) for table in top.tables("grant", "grant")),
        digest=hashlib.sha256(text.encode()).hexdigest(),
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


def _region_means(top: Table) -> tuple[RegionMeaning, ...]:
    table = top.table("region_means")
    if table is None:
        return ()
    found = []
    for word in list(table.left):
        if word not in REGIONS:
            table.fault(f"an unknown word: {word!r}", word)
        found.append(RegionMeaning(word=word, covers=frozenset(table.words(word, REGIONS))))
    return tuple(found)


def _exemption(table: Table, sources: Sources) -> Exemption:
    if "needs" not in table.left:
        table.fault("needs is missing")
    exemption = Exemption(
        needs=table.words("needs"),
        say=table.text("say"),
        sources=cited(table, sources),
        first=table.take("from", date),
        last=table.take("until", date),
    )
    table.close()
    return exemption


def _grant(table: Table, sources: Sources, confidence: str) -> Grant:
    limit, wording = table.table("limit"), table.table("wording")
    grant = Grant(
        id=table.matching("id", ID, "pt"),
        professions=some(table, "professions", PROFESSIONS | {EVERYBODY}),
        stance=Stance(table.word("stance", [*Stance])),
        sources=cited(table, sources),
        confidence=table.word("confidence", CONFIDENCES, default=confidence),
        say=table.maybe_text("say"),
        first=table.take("from", date),
        last=table.take("until", date),
        expected=table.take("expected", date),
        personal=table.flag("personal", default=True),
        unlicensed=table.flag("unlicensed", default=False),
        contested=table.flag("contested", default=False),
        limit=None if limit is None else _limit(limit),
        needs=tuple(requirement(inner, sources) for inner in table.tables("require", f"{table.place}, requirement")),
        duties=tuple(_duty(inner) for inner in table.tables("duty", f"{table.place}, duty")),
        wording=None if wording is None else _wording(wording),
    )
    table.close()
    return grant


def _limit(table: Table) -> Limit:
    limit = Limit(
        say=table.maybe_text("say"),
        regions_only=frozenset(table.words("regions_only", REGIONS)) or None,
        regions_never=frozenset(table.words("regions_never", REGIONS)),
        techniques_only=frozenset(table.words("techniques_only", TECHNIQUES)) or None,
        techniques_never=frozenset(table.words("techniques_never", TECHNIQUES)),
        not_both_sides=frozenset(table.words("not_both_sides", REGIONS)),
        adjunct_only=table.flag("adjunct_only", default=False),
    )
    table.close()
    return limit


def _duty(table: Table) -> Duty:
    duty = Duty(say=table.text("say"), within_days=table.maybe_whole("within_days"))
    table.close()
    return duty


def _wording(table: Table) -> Wording:
    wording = Wording(never=table.words("never"), must_show=table.maybe_text("must_show"))
    table.close()
    return wording
