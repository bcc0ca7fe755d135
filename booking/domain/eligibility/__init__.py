"""Who may lawfully needle what, where and when: the one rule, and the explanation of every refusal."""

from booking.domain.eligibility.ask import Ask
from booking.domain.eligibility.leaves import Leaf
from booking.domain.eligibility.reasons import Reason
from booking.domain.eligibility.verdict import EVALUATOR, Eligibility, documents, evaluate

__all__ = ["EVALUATOR", "Ask", "Eligibility", "Leaf", "Reason", "documents", "evaluate"]
