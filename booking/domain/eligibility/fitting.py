"""Which credentials a need is about, and what keeps one of them from fitting whatever the day.

The rule and its explanation both ask here, so that a credential is never refused for one reason and told another.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from booking.domain.credential import Credential
from booking.domain.eligibility.ask import Ask
from booking.domain.rules import CredentialNeed, LicenceNeed, PractisedNeed, RuleSet, TotalNeed, Wanted

LeafNeed = LicenceNeed | CredentialNeed | TotalNeed | PractisedNeed

_SUBJECT = "dry_needling"
"""What training is in when it does not say; training in something else counts only where a rule asks for that."""


@dataclass(frozen=True, kw_only=True)
class Case:
    """A question and the rules that are to answer it."""

    ask: Ask
    rules: RuleSet


def candidates(need: LeafNeed, case: Case) -> list[Credential]:
    """The credentials on file of the kinds the need is about."""
    kinds = _kinds(need)
    return [credential for credential in case.ask.credentials if credential.kind in kinds]


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
        case CredentialNeed():
            return need.issued_by
        case PractisedNeed():
            return case.rules.jurisdiction if need.here_only else None
        case TotalNeed():
            return None


def words(word: str) -> str:
    """A word of the vocabulary as it is read aloud."""
    return word.replace("_", " ")


def with_article(word: str) -> str:
    """A word of the vocabulary with its article."""
    return f"{'an' if word[0] in 'aeiou' else 'a'} {words(word)}"


def _kinds(need: LeafNeed) -> frozenset[str]:
    match need:
        case LicenceNeed():
            return frozenset({"licence", "compact_privilege"}) if need.compact else frozenset({"licence"})
        case PractisedNeed():
            return frozenset({"licence"})
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


def _in_subject(credential: Credential, where: Iterable[Wanted]) -> bool:
    asked = any(one.attribute == "subject" for one in where)
    return asked or credential.kind != "training" or _shown(credential)["subject"] == _SUBJECT


def _has(credential: Credential, wanted: Wanted) -> bool:
    """Whether an attribute is one of the values; true is not 1."""
    value = _shown(credential).get(wanted.attribute)
    return any(type(value) is type(one) and value == one for one in wanted.values)


def _shown(credential: Credential) -> Mapping[str, bool | int | str]:
    plain = {"subject": _SUBJECT} if credential.kind == "training" else {}
    return {**plain, **credential.attributes}
