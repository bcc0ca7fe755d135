"""What of a question goes beyond the limit of a grant."""

from collections.abc import Iterator

from booking.domain.eligibility.fitting import Case
from booking.domain.eligibility.outcome import Check
from booking.domain.rules import Limit
from booking.domain.words import SIDES

ALONE = frozenset({"alone"})
"""What goes beyond `adjunct_only`: that the treatment is given by itself."""

_NOTHING: frozenset[str] = frozenset()


def checks(limit: Limit, case: Case) -> Iterator[Check]:
    """Each part of the limit. What is reached has the words it implies; only what is allowed must be spelt out."""
    reached, techniques = case.reached, case.ask.techniques
    if limit.regions_only is not None:
        allowed = case.rules.meant(limit.regions_only)
        yield Check(rule="regions_only", words=limit.regions_only, beyond=reached - allowed)
    if limit.regions_never:
        yield Check(rule="regions_never", words=limit.regions_never, beyond=reached & limit.regions_never)
    if limit.techniques_only is not None:
        yield Check(rule="techniques_only", words=limit.techniques_only, beyond=techniques - limit.techniques_only)
    if limit.techniques_never:
        yield Check(rule="techniques_never", words=limit.techniques_never, beyond=techniques & limit.techniques_never)
    if limit.not_both_sides:
        both = case.ask.sides >= SIDES
        beyond = reached & limit.not_both_sides if both else _NOTHING
        yield Check(rule="not_both_sides", words=limit.not_both_sides, beyond=beyond)
    if limit.adjunct_only:
        yield Check(rule="adjunct_only", words=_NOTHING, beyond=_NOTHING if case.ask.adjunct else ALONE)
