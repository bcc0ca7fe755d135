"""Who may lawfully needle what, where and when: the one rule, and the explanation of every refusal."""

from booking.domain.eligibility.ask import Ask, Colleague, OwnerDecision
from booking.domain.eligibility.leaves import Leaf
from booking.domain.eligibility.reasons import Reason
from booking.domain.eligibility.supervision import Supervision, supervisor_modes
from booking.domain.eligibility.verdict import EVALUATOR, Eligibility, before_start, evaluate

__all__ = [
    "EVALUATOR",
    "Ask",
    "Colleague",
    "Eligibility",
    "Leaf",
    "OwnerDecision",
    "Reason",
    "Supervision",
    "before_start",
    "evaluate",
    "supervisor_modes",
]
