"""What a rule set is made of."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from booking.domain.rules.needs import Need, Source
from booking.domain.words import with_implied

CONFIDENCES = ("high", "medium", "low")
"""How well a rule is known: its own text was read; a board's or court's position was; a list or less."""

EVERYBODY = "*"
"""As a profession: whoever it is, of whatever profession."""


class Stance(StrEnum):
    """What the law says to a profession. Only `permitted` allows by itself; `silent` after the owner's decision."""

    PERMITTED = "permitted"
    PROHIBITED = "prohibited"
    SILENT = "silent"
    PENDING = "pending"


@dataclass(frozen=True, kw_only=True)
class Limit:
    """What a permission reaches: only these, never those. None and empty are no limit. Implied regions count.

    A visit may not be to both sides of a region in `not_both_sides`. `adjunct_only` is never given by itself.
    """

    say: str | None = None
    regions_only: frozenset[str] | None = None
    regions_never: frozenset[str] = frozenset()
    techniques_only: frozenset[str] | None = None
    techniques_never: frozenset[str] = frozenset()
    not_both_sides: frozenset[str] = frozenset()
    adjunct_only: bool = False


@dataclass(frozen=True, kw_only=True)
class Duty:
    """What the law asks of the practitioner besides: shown, never in the way."""

    say: str
    within_days: int | None = None


@dataclass(frozen=True, kw_only=True)
class Wording:
    """For public pages: what must never be said of the treatment, and what must be shown beside it."""

    never: tuple[str, ...] = ()
    must_show: str | None = None


@dataclass(frozen=True, kw_only=True)
class Grant:
    """What the jurisdiction says to some professions from `first` to `last`, local days, both included; None is open.

    `personal` says that it may not be delegated. `expected` is the day a pending law may come to work; it is told,
    never relied on. Needs and a limit belong to what may allow: a permission, or a silent grant once the owner has
    decided. Several permissions at a time add up. `unlicensed` says that the law asks for no licence.
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
    unlicensed: bool = False
    contested: bool = False
    limit: Limit | None = None
    needs: tuple[Need, ...] = ()
    duties: tuple[Duty, ...] = ()
    wording: Wording | None = None

    @property
    def to_decide(self) -> bool:
        """Whether it allows anything only after a decision of the clinic's owner."""
        return self.stance is Stance.SILENT or (self.stance is Stance.PERMITTED and self.confidence == "low")

    def is_for(self, profession: str) -> bool:
        return names(self.professions, profession)


def names(professions: frozenset[str], profession: str) -> bool:
    """Whether the profession is among those named, or everybody is."""
    return profession in professions or EVERYBODY in professions


@dataclass(frozen=True, kw_only=True)
class Exemption:
    """Needs of the sets outward, as "grant.need", that do not hold from `first` to `last`, both included."""

    needs: tuple[str, ...]
    say: str
    sources: tuple[Source, ...]
    first: date | None = None
    last: date | None = None


@dataclass(frozen=True, kw_only=True)
class RegionMeaning:
    """What a word for a region covers in a jurisdiction."""

    word: str
    covers: frozenset[str]


@dataclass(frozen=True, kw_only=True)
class RuleSet:
    """The rules of one jurisdiction as reviewed on a day. `digest` is the SHA-256 of their text, in hexadecimal.

    `within` names the jurisdiction whose law holds there as well, and `outer` is its rule set, once the two have been
    brought together (`booking.domain.rules.stacking`). With `parts_only` no site lies directly here: this law always
    comes with that of a part.
    """

    jurisdiction: str
    name: str
    version: str
    confidence: str
    reviewed_on: date
    review_by: date
    sources: tuple[Source, ...]
    grants: tuple[Grant, ...]
    digest: str
    within: str | None = None
    parts_only: bool = False
    region_means: tuple[RegionMeaning, ...] = ()
    exemptions: tuple[Exemption, ...] = ()
    outer: "RuleSet | None" = None

    def reach(self, regions: frozenset[str]) -> frozenset[str]:
        """The regions and those they imply, everywhere or by what words mean here."""
        found = with_implied(regions)
        more = {one.word for one in self.region_means if one.covers & found}
        return found if more <= found else self.reach(found | more)

    def meant(self, words: Iterable[str]) -> frozenset[str]:
        """The regions and all that the words for them cover here."""
        whole = frozenset(words)
        return whole.union(*(one.covers for one in self.region_means if one.word in whole))


def outward(rules: RuleSet) -> Iterator[RuleSet]:
    """The rule set and those it lies within, the outermost last."""
    at: RuleSet | None = rules
    while at is not None:
        yield at
        at = at.outer


def review_due(rules: RuleSet, today: date) -> bool:
    """Whether the rules should be read against their sources again: from the day `review_by` on."""
    return today >= rules.review_by
