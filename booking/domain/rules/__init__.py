"""What a jurisdiction asks of whoever needles there: rule sets, read from text and checked before use.

A rule set is one TOML file. `parse_rules` reads it or names every fault; `booking.domain.eligibility` asks it.
"""

from booking.domain.rules.model import (
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
    review_due,
)
from booking.domain.rules.parsing import parse_rules

__all__ = [
    "AllOf",
    "AnyOf",
    "CredentialNeed",
    "DocumentNeed",
    "Duty",
    "Grant",
    "LicenceNeed",
    "Limit",
    "Need",
    "PractisedNeed",
    "RuleSet",
    "Source",
    "Stance",
    "TotalNeed",
    "Wanted",
    "parse_rules",
    "review_due",
]
