"""The law as a clinic's manager reads it."""

from booking.domain.rules import Grant, Stance
from booking.domain.rules.model import EVERYBODY
from booking.domain.rules.telling import told
from booking.wording.words import listed, sentence, words

_KNOWN = {
    "high": "well; the text of the law itself was read.",
    "medium": "fairly; the position of a board or court was read, or the law at second hand.",
    "low": "little; only a list of laws was read, or less.",
}
_VERDICTS = {
    Stance.PERMITTED: "May needle, on conditions",
    Stance.PROHIBITED: "May not needle",
    Stance.SILENT: "The law does not say",
    Stance.PENDING: "Not yet: the law is made but not in use",
}


def known(confidence: str) -> str:
    """How well a rule is known, to stand at the end of a sentence."""
    return _KNOWN[confidence]


def verdict(grant: Grant) -> str:
    """What the law says by itself."""
    return _VERDICTS[grant.stance]


def professions(grant: Grant) -> str:
    """`Chiropractor`, `Physical therapist and therapy aide`, `Everybody`."""
    if EVERYBODY in grant.professions:
        return "Everybody"
    text = listed([words(one) for one in sorted(grant.professions)])
    return text[:1].upper() + text[1:]


def limits(grant: Grant) -> str:
    """What the permission leaves out, as a sentence; empty for one without a limit."""
    return sentence(grant.limit.say or told(grant.limit)) if grant.limit else ""
