"""What a jurisdiction asks of whoever needles there: rule sets, read from text and checked before use.

A rule set is one TOML file. `parse_rules` reads it or names every fault, `stacked` brings those together that hold in
the same place; `booking.domain.eligibility` asks them.
"""

from booking.domain.rules.model import (
    Duty,
    Exemption,
    Grant,
    Limit,
    RegionMeaning,
    RuleSet,
    Stance,
    Wording,
    outward,
    review_due,
)
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
from booking.domain.rules.parsing import parse_rules
from booking.domain.rules.stacking import stacked

__all__ = [
    "Accepted",
    "AllOf",
    "AnyOf",
    "CredentialNeed",
    "DocumentNeed",
    "Duty",
    "Exemption",
    "Grant",
    "LicenceNeed",
    "Limit",
    "Mode",
    "Need",
    "PatientNeed",
    "Phase",
    "PractisedNeed",
    "RegionMeaning",
    "RuleSet",
    "Source",
    "Stance",
    "SupervisorNeed",
    "TotalNeed",
    "Wanted",
    "Wording",
    "outward",
    "parse_rules",
    "phase_of",
    "review_due",
    "stacked",
]
