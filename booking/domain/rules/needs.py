"""What a permission asks for: the seven kinds of need, and how they are combined."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Phase(StrEnum):
    """When a need is asked for: before anybody is assigned, or only before the visit starts."""

    ASSIGN = "assign"
    BEFORE_START = "before_start"


@dataclass(frozen=True, kw_only=True)
class Source:
    """Where a rule can be read: the name of the text, and how to find it or since when it holds."""

    key: str
    title: str
    reference: str | None = None

    def __str__(self) -> str:
        return f"{self.title} ({self.reference})" if self.reference else self.title


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """An attribute a credential must have: its name, and the values of which it must have one."""

    attribute: str
    values: tuple[bool | int | str, ...]


@dataclass(frozen=True, kw_only=True)
class Accepted:
    """A status other than active that counts all the same, to the local day `last`, included; None is for good."""

    statuses: frozenset[str]
    last: date | None = None


@dataclass(frozen=True, kw_only=True)
class _Need:
    """Common to all needs: `id` within the grant, `say` the rule as a sentence, and where it comes from.

    `implied_by` names another need of the grant that proves this one at the board. It is asked for all the same, so
    that a gap in the clinic's own file shows before the board asks. A need with `when_regions` or `when_techniques` is
    asked only of a visit that has one of them; with both, one of each.
    """

    id: str
    say: str
    sources: tuple[Source, ...]
    implied_by: str | None = None
    when_regions: frozenset[str] = frozenset()
    when_techniques: frozenset[str] = frozenset()

    @property
    def conditional(self) -> bool:
        return bool(self.when_regions or self.when_techniques)


@dataclass(frozen=True, kw_only=True)
class LicenceNeed(_Need):
    """A licence of the practitioner's own profession, issued by `issued_by` (the rule set's jurisdiction, if None).

    With `compact`, a compact privilege of that jurisdiction counts while its home licence does. A licence with the
    attribute `restricted` counts only with `restricted_ok`; one in a register named here never does.
    """

    issued_by: str | None = None
    compact: bool = False
    restricted_ok: bool = False
    registers_excluded: frozenset[str] = frozenset()
    accepted: Accepted | None = None


@dataclass(frozen=True, kw_only=True)
class CredentialNeed(_Need):
    """A credential of a kind, from an issuer (anyone, if None), with attributes, and reaching what `covers` names.

    `covers` holds "regions", "techniques", "site": each asked for region or technique, and the regions it implies, must
    be within some such credential, and the site must be named by one. With `of_site` it is the site's, not the
    practitioner's.
    """

    kind: str
    issued_by: str | None = None
    where: tuple[Wanted, ...] = ()
    covers: frozenset[str] = frozenset()
    of_site: bool = False
    accepted: Accepted | None = None


@dataclass(frozen=True, kw_only=True)
class TotalNeed(_Need):
    """Credentials of a kind (and issuer, if any) whose attribute `of`, a whole number, adds up to `at_least`.

    All of it earned within `finish_within_months` of its first day; good for `only_for_months` from the first day on
    which any was earned; what was earned `earned_within_years` ago or longer no longer counts. None is no such bound.
    """

    of: str
    at_least: int
    kind: str = "training"
    issued_by: str | None = None
    where: tuple[Wanted, ...] = ()
    finish_within_months: int | None = None
    only_for_months: int | None = None
    earned_within_years: int | None = None

    @property
    def dated(self) -> bool:
        """Whether it matters on which day something was earned."""
        return bool(self.finish_within_months or self.only_for_months or self.earned_within_years)


@dataclass(frozen=True, kw_only=True)
class PractisedNeed(_Need):
    """Calendar years since the first licence of the profession, anywhere or `here_only` in the jurisdiction, and hours.

    `hours` of practice, on credentials of the kind `practice`; 0 asks for none.
    """

    years: int = 0
    hours: int = 0
    here_only: bool = False


class Mode(StrEnum):
    """How near a supervisor is: on the premises, or in the room."""

    ON_SITE = "on_site"
    DIRECT = "direct"


@dataclass(frozen=True, kw_only=True)
class SupervisorNeed(_Need):
    """A colleague of one of the professions who may himself give the treatment under one of the rule set's `grants`.

    Without grants it is one who holds a credential of each of `kinds`; a licence is one of his profession, issued by
    `issued_by` (the rule set's jurisdiction, if None). Either has been licensed for `years`.
    """

    mode: Mode
    professions: frozenset[str]
    grants: tuple[str, ...] = ()
    kinds: frozenset[str] = frozenset({"licence"})
    issued_by: str | None = None
    years: int = 0


@dataclass(frozen=True, kw_only=True)
class DocumentNeed(_Need):
    """A paper the visit needs before it starts; it does not stand in the way of assigning anyone.

    `when` is "first_visit" or "referred"; None is always.
    """

    kind: str
    content: tuple[str, ...] = ()
    when: str | None = None
    copy_to_patient: bool = False


@dataclass(frozen=True, kw_only=True)
class PatientNeed(_Need):
    """A patient of at least `min_age` calendar years, with a guardian's consent when younger than `guardian_under`.

    Both are looked at before the visit starts, or `min_age` when assigning.
    """

    min_age: int | None = None
    guardian_under: int | None = None
    phase: Phase = Phase.BEFORE_START


@dataclass(frozen=True, kw_only=True)
class AnyOf(_Need):
    """Holds whenever one of its parts does."""

    parts: tuple["Need", ...]


@dataclass(frozen=True, kw_only=True)
class AllOf(_Need):
    """Holds while all of its parts do."""

    parts: tuple["Need", ...]


Need = (
    LicenceNeed
    | CredentialNeed
    | TotalNeed
    | PractisedNeed
    | SupervisorNeed
    | DocumentNeed
    | PatientNeed
    | AnyOf
    | AllOf
)


def with_parts(needs: tuple[Need, ...]) -> Iterator[Need]:
    """The needs and, after each combination, what it is made of."""
    for need in needs:
        yield need
        if isinstance(need, AnyOf | AllOf):
            yield from with_parts(need.parts)


def phase_of(need: Need) -> Phase:
    """When the need is asked for; all parts of a combination are asked for at the same time."""
    match need:
        case DocumentNeed():
            return Phase.BEFORE_START
        case PatientNeed():
            return need.phase
        case AnyOf() | AllOf():
            return phase_of(need.parts[0])
        case _:
            return Phase.ASSIGN
