"""Which credentials a need is about, and what keeps one of them from fitting whatever the day.

The rule and its explanation both ask here, so that a credential is never refused for one reason and told another.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from booking.domain.credential import Credential
from booking.domain.eligibility.ask import Ask
from booking.domain.eligibility.counting import ACTIVE, status_of
from booking.domain.rules import (
    Accepted,
    CredentialNeed,
    Grant,
    LicenceNeed,
    Need,
    PractisedNeed,
    RuleSet,
    TotalNeed,
    Wanted,
)
from booking.domain.time.span import SpanSet
from booking.domain.words import REGIONS

LeafNeed = LicenceNeed | CredentialNeed | TotalNeed | PractisedNeed

_SUBJECT = "dry_needling"
"""What training is in when it does not say; training in something else counts only where a rule asks for that."""

_LICENCE = frozenset({"licence"})
_LICENCE_OR_PRIVILEGE = frozenset({"licence", "compact_privilege"})


@dataclass(frozen=True, kw_only=True)
class Case:
    """A question and the rules that are to answer it: those of the site or, `outward`, of a place it lies within.

    `exempt` says when which needs, as "grant.need", do not hold.
    """

    ask: Ask
    rules: RuleSet
    outward: bool = False
    exempt: Mapping[str, SpanSet] = field(default_factory=dict)

    @cached_property
    def reached(self) -> frozenset[str]:
        """The regions rules judge: the treatment's and what they imply; all, when it names none."""
        return self.rules.reach(self.ask.regions or REGIONS)

    def called(self, grant: Grant) -> str:
        """The grant's id, after its jurisdiction where that is not the site's own."""
        return f"{self.rules.jurisdiction}:{grant.id}" if self.outward else grant.id

    def concerns(self, need: Need) -> bool:
        """Whether the need is asked of a visit like this."""
        if need.when_regions and not need.when_regions & self.reached:
            return False
        return not need.when_techniques or bool(need.when_techniques & self.ask.techniques)


def candidates(need: LeafNeed, case: Case) -> list[Credential]:
    """The credentials on file of the kinds the need is about: the practitioner's, or the site's."""
    kinds = _kinds(need)
    of_site = isinstance(need, CredentialNeed) and need.of_site
    on_file = case.ask.site_credentials if of_site else case.ask.credentials
    return [credential for credential in on_file if credential.kind in kinds]


def fitting(need: LeafNeed, case: Case) -> list[Credential]:
    return [one for one in candidates(need, case) if next(misfits(one, need, case), None) is None]


def misfits(credential: Credential, need: LeafNeed, case: Case) -> Iterator[str]:
    """What keeps the credential from fitting the need, as phrases that follow its name; nothing, when it fits."""
    issuer = issuer_of(need, case)
    if issuer is not None and credential.jurisdiction != issuer:
        yield f"is not of {issuer}"
    if not _profession_fits(credential, case.ask.profession):
        yield f"is not for {with_article(case.ask.profession)}"
    if isinstance(need, LicenceNeed):
        yield from _conditions(credential, need)
    if not _status_fits(credential, accepted(need)):
        yield f"has the status {status_of(credential)!r}, which does not count"
    if isinstance(need, CredentialNeed | TotalNeed):
        missing = [words(one.attribute) for one in need.where if not _has(credential, one)]
        if missing:
            yield f"does not show {', '.join(missing)}"
        if not _in_subject(credential, need.where):
            yield "is not in dry needling"


def issuer_of(need: LeafNeed, case: Case) -> str | None:
    """Whose credential it must be; None is anyone's."""
    match need:
        case LicenceNeed():
            return need.issued_by or case.rules.jurisdiction
        case CredentialNeed() | TotalNeed():
            return need.issued_by
        case PractisedNeed():
            return case.rules.jurisdiction if need.here_only else None


def accepted(need: LeafNeed) -> Accepted | None:
    """The statuses other than active that count for the need."""
    return need.accepted if isinstance(need, LicenceNeed | CredentialNeed) else None


def words(word: str) -> str:
    """A word of the vocabulary as it is read aloud."""
    return word.replace("_", " ")


def with_article(word: str) -> str:
    """A word of the vocabulary with its article."""
    return f"{'an' if word[0] in 'aeiou' else 'a'} {words(word)}"


def listed(several: Iterable[str]) -> str:
    """Words of the vocabulary in the order of the alphabet."""
    return ", ".join(words(one) for one in sorted(several))


def _kinds(need: LeafNeed) -> frozenset[str]:
    match need:
        case LicenceNeed():
            return _LICENCE_OR_PRIVILEGE if need.compact else _LICENCE
        case PractisedNeed():
            return _LICENCE
        case _:
            return frozenset({need.kind})


def _profession_fits(credential: Credential, profession: str) -> bool:
    """A licence names its profession; what is given to no profession in particular serves any."""
    return credential.profession == profession or (credential.profession is None and credential.kind != "licence")


def _conditions(credential: Credential, need: LicenceNeed) -> Iterator[str]:
    if credential.attributes.get("restricted", False) is not False and not need.restricted_ok:
        yield "is restricted by conditions"
    if credential.attributes.get("register") in need.registers_excluded:
        yield f"is in the register {credential.attributes['register']!r}, which may not needle"


def _status_fits(credential: Credential, besides: Accepted | None) -> bool:
    status = status_of(credential)
    return status == ACTIVE or (besides is not None and status in besides.statuses)


def _in_subject(credential: Credential, where: Iterable[Wanted]) -> bool:
    if credential.kind != "training" or credential.attributes.get("subject", _SUBJECT) == _SUBJECT:
        return True
    return any(one.attribute == "subject" for one in where)


def _has(credential: Credential, wanted: Wanted) -> bool:
    """Whether an attribute is one of the values; true is not 1."""
    value = credential.attributes.get(wanted.attribute)
    if value is None and (credential.kind, wanted.attribute) == ("training", "subject"):
        value = _SUBJECT
    return any(type(value) is type(one) and value == one for one in wanted.values)
