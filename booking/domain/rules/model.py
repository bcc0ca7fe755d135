"""What a rule set is made of."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

CONFIDENCES = ("high", "medium", "low")
"""How well a rule is known: its own text was read; a board's or court's position was; a list or less."""

DOCUMENT_KINDS = frozenset({"needling_consent", "referral", "referrer_consultation", "training_disclosure"})
"""Papers a visit may need before it starts."""


class Stance(StrEnum):
    """What the law says to a profession. Only `permitted` ever allows anything."""

    PERMITTED = "permitted"
    PROHIBITED = "prohibited"
    SILENT = "silent"
    PENDING = "pending"


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
class _Need:
    """Common to all needs: `id` within the grant, `say` the rule as a sentence, and where it comes from.

    `implied_by` names another need of the grant that proves this one at the board. It is asked for all the same, so
    that a gap in the clinic's own file shows before the board asks.
    """

    id: str
    say: str
    sources: tuple[Source, ...]
    implied_by: str | None = None


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


@dataclass(frozen=True, kw_only=True)
class CredentialNeed(_Need):
    """A credential of a kind, from an issuer (anyone, if None), with attributes, and reaching what `covers` names.

    `covers` holds "regions", "techniques" or both: each asked for region or technique, and the regions it implies,
    must be within some such credential.
    """

    kind: str
    issued_by: str | None = None
    where: tuple[Wanted, ...] = ()
    covers: frozenset[str] = frozenset()


@dataclass(frozen=True, kw_only=True)
class TotalNeed(_Need):
    """Credentials of a kind whose attribute `of`, a whole number, adds up to `at_least`."""

    of: str
    at_least: int
    kind: str = "training"
    where: tuple[Wanted, ...] = ()


@dataclass(frozen=True, kw_only=True)
class PractisedNeed(_Need):
    """Calendar years since the first licence of the profession, anywhere or `here_only` in the jurisdiction."""

    years: int
    here_only: bool = False


@dataclass(frozen=True, kw_only=True)
class DocumentNeed(_Need):
    """A paper the visit needs before it starts; it does not stand in the way of assigning anyone."""

    kind: str
    content: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class AnyOf(_Need):
    """Holds whenever one of its parts does."""

    parts: tuple["Need", ...]


@dataclass(frozen=True, kw_only=True)
class AllOf(_Need):
    """Holds while all of its parts do."""

    parts: tuple["Need", ...]


Need = LicenceNeed | CredentialNeed | TotalNeed | PractisedNeed | DocumentNeed | AnyOf | AllOf


@dataclass(frozen=True, kw_only=True)
class Limit:
    """What a permission reaches: only these, never those. None and empty are no limit. Implied regions count."""

    say: str | None = None
    regions_only: frozenset[str] | None = None
    regions_never: frozenset[str] = frozenset()
    techniques_only: frozenset[str] | None = None
    techniques_never: frozenset[str] = frozenset()


@dataclass(frozen=True, kw_only=True)
class Duty:
    """What the law asks of the practitioner besides: shown, never in the way."""

    say: str
    within_days: int | None = None


@dataclass(frozen=True, kw_only=True)
class Grant:
    """What the jurisdiction says to some professions from `first` to `last`, local days, both included; None is open.

    `personal` says that it may not be delegated. `expected` is the day a pending law may come to work; it is told,
    never relied on. Needs and a limit belong to a permission only; several permissions at a time add up.
    """

    id: str
    professions: frozenset[str]
    stance: Stance
    sources: tuple[Source, ...]
    confidence: str
    say: str | None = None
    first: date | None = None
    last: date | None = None
    expected: date | None = None
    personal: bool = True
    limit: Limit | None = None
    needs: tuple[Need, ...] = ()
    duties: tuple[Duty, ...] = ()


@dataclass(frozen=True, kw_only=True)
class RuleSet:
    """The rules of one jurisdiction as reviewed on a day. `digest` is the SHA-256 of their text, in hexadecimal."""

    jurisdiction: str
    name: str
    version: str
    confidence: str
    reviewed_on: date
    review_by: date
    sources: tuple[Source, ...]
    grants: tuple[Grant, ...]
    digest: str


def review_due(rules: RuleSet, today: date) -> bool:
    """Whether the rules should be read against their sources again: from the day `review_by` on."""
    return today >= rules.review_by


def with_parts(needs: tuple[Need, ...]) -> Iterator[Need]:
    """The needs and, after each combination, what it is made of."""
    for need in needs:
        yield need
        if isinstance(need, AnyOf | AllOf):
            yield from with_parts(need.parts)
