"""Requirements from tables."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import TypedDict

from booking.domain.reading import Table
from booking.domain.rules.model import EVERYBODY
from booking.domain.rules.needs import (
    Accepted,
    AllOf,
    AnyOf,
    CredentialNeed,
    DocumentNeed,
    LicenceNeed,
    Mode,
    Need,
    PatientNeed,
    Phase,
    PractisedNeed,
    Source,
    SupervisorNeed,
    TotalNeed,
    Wanted,
    phase_of,
)
from booking.domain.words import (
    AMOUNTS,
    ATTRIBUTES,
    CONTENT,
    CREDENTIAL_KINDS,
    DOCUMENT_KINDS,
    JURISDICTION,
    PROFESSIONS,
    REGIONS,
    STATUSES,
    TECHNIQUES,
)

ID = r"[a-z0-9]+([-_.][a-z0-9]+)*"
"""The shape of an id of a grant or requirement."""

_WEEKS = 52

Sources = Mapping[str, Source]


class _Common(TypedDict):
    id: str
    say: str
    sources: tuple[Source, ...]
    implied_by: str | None
    when_regions: frozenset[str]
    when_techniques: frozenset[str]


@dataclass(frozen=True, kw_only=True)
class _Group:
    """What the parts of a combination may leave to it."""

    sources: tuple[Source, ...] = ()
    phase: str = ""


_NO_GROUP = _Group()


def requirement(table: Table, sources: Sources, group: _Group = _NO_GROUP) -> Need:
    """The need that a table asks for. The parts of a combination may leave their source and phase to it."""
    common = _Common(
        id=table.matching("id", ID, "licence"),
        say=table.text("say"),
        sources=cited(table, sources, group.sources),
        implied_by=table.maybe_text("implied_by"),
        when_regions=frozenset(table.words("when_regions", REGIONS)),
        when_techniques=frozenset(table.words("when_techniques", TECHNIQUES)),
    )
    phase = _phase(table, group)
    need = _combination(table, common, sources, phase) or _simple(table, common, phase)
    table.close()
    return need


def _phase(table: Table, group: _Group) -> str:
    """The phase that is written down for it, or for the combination it is part of; empty if none is."""
    faults = len(table.faults)
    phase = table.word("phase", [*Phase], default=group.phase)
    return phase if len(table.faults) == faults else ""


def cited(table: Table, sources: Sources, inherited: tuple[Source, ...] = ()) -> tuple[Source, ...]:
    """The sources a table names, or else those it inherits."""
    if "source" not in table.left:
        if not inherited:
            table.fault("source is missing")
        return inherited
    return tuple(sources[key] for key in table.words("source", sources) if key in sources)


def _combination(table: Table, common: _Common, sources: Sources, phase: str) -> AnyOf | AllOf | None:
    for key, kind in (("any", AnyOf), ("all", AllOf)):
        if key in table.left:
            inner = table.tables(key, f"{table.place}, {key}")
            if not inner:
                table.fault(f"{key} is empty", key)
                inner = [Table(place="", left={}, faults=[])]  # a combination always has parts
            group = _Group(sources=common["sources"], phase=phase)
            return kind(**common, parts=tuple(requirement(part, sources, group) for part in inner))
    return None


def _simple(table: Table, common: _Common, phase: str) -> Need:
    faults = len(table.faults)
    kind = table.word("need", _NEEDS)
    if len(table.faults) > faults:
        table.left.clear()  # without its need nobody can tell which keys are wrong
        return LicenceNeed(**common)
    need = _NEEDS[kind](table, common)
    if phase and phase != phase_of(need):
        return _at_once(table, need)
    return need


def _at_once(table: Table, need: Need) -> Need:
    """The need in another phase than its own; only a patient's age may be asked for when assigning."""
    if not isinstance(need, PatientNeed):
        table.fault(f"this need is asked for in the phase {phase_of(need)} only", "phase")
    elif need.min_age is None or need.guardian_under is not None:
        table.fault("in the phase assign only min_age is asked for", "phase")
    return replace(need, phase=Phase.ASSIGN) if isinstance(need, PatientNeed) else need


def _licence(table: Table, common: _Common) -> LicenceNeed:
    return LicenceNeed(
        **common,
        issued_by=_place(table),
        compact=table.flag("compact", default=False),
        restricted_ok=table.flag("restricted_ok", default=False),
        registers_excluded=frozenset(table.words("registers_excluded")),
        accepted=_accepted(table),
    )


def _credential(table: Table, common: _Common) -> CredentialNeed:
    return CredentialNeed(
        **common,
        kind=table.word("kind", CREDENTIAL_KINDS),
        issued_by=_place(table),
        where=_where(table),
        covers=frozenset(table.words("covers", ("regions", "techniques", "site"))),
        of_site=table.word("holder", ("practitioner", "site"), default="practitioner") == "site",
        accepted=_accepted(table),
    )


def _total(table: Table, common: _Common) -> TotalNeed:
    return TotalNeed(
        **common,
        kind=table.word("kind", CREDENTIAL_KINDS, default="training"),
        of=table.word("of", AMOUNTS),
        at_least=table.whole("at_least"),
        issued_by=_place(table),
        where=_where(table),
        finish_within_months=table.maybe_whole("finish_within_months"),
        only_for_months=table.maybe_whole("only_for_months"),
        earned_within_years=table.maybe_whole("earned_within_years"),
    )


def _practised(table: Table, common: _Common) -> PractisedNeed:
    years = table.maybe_whole("years") or 0
    hours = table.maybe_whole("min_hours") or 0
    average = table.maybe_whole("fte_hours") or 0
    if not years and (average or not hours):
        table.fault("years is missing")
    counted = table.word("where_counted", ("anywhere", "here"), default="anywhere")
    return PractisedNeed(**common, years=years, hours=max(hours, average * _WEEKS * years), here_only=counted == "here")


def _supervisor(table: Table, common: _Common) -> SupervisorNeed:
    grants = table.words("grants")
    kinds = table.words("kinds", CREDENTIAL_KINDS)
    issued_by = _place(table)
    if grants and (kinds or issued_by):
        table.fault("with grants it has no kinds and no issued_by", "grants")
    return SupervisorNeed(
        **common,
        mode=Mode(table.word("mode", [*Mode])),
        professions=some(table, "professions", PROFESSIONS | {EVERYBODY}),
        grants=grants,
        kinds=frozenset(kinds) | {"licence"},
        issued_by=issued_by,
        years=table.maybe_whole("years") or 0,
    )


def _document(table: Table, common: _Common) -> DocumentNeed:
    return DocumentNeed(
        **common,
        kind=table.word("kind", DOCUMENT_KINDS),
        content=table.words("content", CONTENT),
        when=table.word("when", ("first_visit", "referred")) if "when" in table.left else None,
        copy_to_patient=table.flag("copy_to_patient", default=False),
    )


def _patient(table: Table, common: _Common) -> PatientNeed:
    if not table.left.keys() & {"min_age", "guardian_under"}:
        table.fault("min_age or guardian_under is missing")
    return PatientNeed(
        **common, min_age=table.maybe_whole("min_age"), guardian_under=table.maybe_whole("guardian_under")
    )


_NEEDS: dict[str, Callable[[Table, _Common], Need]] = {
    "licence": _licence,
    "credential": _credential,
    "total": _total,
    "practised": _practised,
    "supervisor": _supervisor,
    "document": _document,
    "patient": _patient,
}


def some(table: Table, key: str, allowed: frozenset[str]) -> frozenset[str]:
    """A set of words which may not be missing."""
    if key not in table.left:
        table.fault(f"{key} is missing")
    return frozenset(table.words(key, allowed))


def _place(table: Table) -> str | None:
    return table.matching("issued_by", JURISDICTION, "US-WA") if "issued_by" in table.left else None


def _accepted(table: Table) -> Accepted | None:
    statuses = frozenset(table.words("accept_status", STATUSES - {"active"}))
    last = table.take("accept_until", date)
    if last and not statuses:
        table.fault("accept_until goes with accept_status", "accept_until")
    return Accepted(statuses=statuses, last=last) if statuses else None


def _where(table: Table) -> tuple[Wanted, ...]:
    inner = table.table("where")
    if inner is None:
        return ()
    found = []
    for attribute in list(inner.left):
        value = inner.left.pop(attribute)
        values = tuple(value) if isinstance(value, list) else (value,)
        if attribute not in ATTRIBUTES:
            inner.fault(f"an unknown word: {attribute!r}", attribute)
        if not values or not all(isinstance(one, bool | int | str) for one in values):
            inner.fault(f"{attribute} must be text, a whole number, true or false, or a list of such", attribute)
        found.append(Wanted(attribute=attribute, values=values))
    return tuple(found)
