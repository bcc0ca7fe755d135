"""The system's own words as people read them."""

from booking.domain.credential import Credential, Verification
from booking.domain.treatment import Suits

_KINDS = {
    "licence": "Licence",
    "compact_privilege": "Compact privilege",
    "endorsement": "Endorsement",
    "registration": "Registration",
    "roster": "Roster entry",
    "training": "Training",
    "cpr": "Resuscitation training",
    "bloodborne": "Blood-borne pathogens training",
    "indemnity": "Indemnity cover",
    "degree": "Degree",
}
_VERIFICATIONS = {
    Verification.PENDING: "Not verified yet",
    Verification.VERIFIED: "Verified",
    Verification.REJECTED: "Rejected",
    Verification.WITHDRAWN: "Withdrawn",
}


_SUITS = {Suits.ALL: "", Suits.NEW: "For your first visit", Suits.RETURNING: "If you have been here before"}


def words(word: str) -> str:
    """`physical_therapist` as `physical therapist`."""
    return word.replace("_", " ")


def sentence(text: str) -> str:
    """With a capital at its start and a full stop at its end, unless it ends in one, or in a question."""
    whole = text[:1].upper() + text[1:]
    return whole if whole.endswith((".", "!", "?")) else f"{whole}."


def kind(credential: Credential) -> str:
    """`Licence, US-WA`: what it is and whose."""
    name = _KINDS.get(credential.kind, words(credential.kind).capitalize())
    return f"{name}, {credential.jurisdiction}" if credential.jurisdiction else name


def verification(value: Verification) -> str:
    return _VERIFICATIONS[value]


def suits(whom: Suits) -> str:
    """For which patients a treatment is meant; nothing to say when for all."""
    return _SUITS[whom]


def alternatives(parts: list[str]) -> str:
    """`a`, `a or b`, `a, b or c`."""
    return " or ".join(filter(None, (", ".join(parts[:-1]), *parts[-1:])))


def listed(parts: list[str]) -> str:
    """`a`, `a and b`, `a, b and c`."""
    return " and ".join(filter(None, (", ".join(parts[:-1]), *parts[-1:])))
