"""Who may lawfully needle what, where and when: the one rule, and the explanation of every refusal."""

from booking.domain.eligibility.ask import OF_ANY_AGE, Ask, Colleague, OwnerDecision
from booking.domain.eligibility.leaves import Leaf
from booking.domain.eligibility.reasons import Reason
from booking.domain.eligibility.supervision import Supervision, asks_for_age, supervisor_modes
from booking.domain.eligibility.verdict import EVALUATOR, Eligibility, before_start, evaluate

__all__ = [
    "EVALUATOR",
    "OF_ANY_AGE",
    "Ask",
    "Colleague",
    "Eligibility",
    "Leaf",
    "OwnerDecision",
    "Reason",
    "Supervision",
    "asks_for_age",
    "before_start",
    "evaluate",
    "supervisor_modes",
]
