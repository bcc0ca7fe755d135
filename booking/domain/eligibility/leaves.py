"""How the single parts of a rule stood during a span: the evidence a decision is recorded with."""

from collections.abc import Iterator
from dataclasses import dataclass

from booking.domain.eligibility.outcome import GrantOutcome, Outcome
from booking.domain.eligibility.stances import scope
from booking.domain.ids import CredentialId
from booking.domain.time.span import SpanSet, TimeSpan


@dataclass(frozen=True, kw_only=True)
class Leaf:
    """How one need, limit or stance stood all through a span, and the credentials that served it at any time in it.

    `need` is the need's id, or `scope.…` or `limit.…` as in a reason. A combination stands before its parts.
    """

    grant: str | None
    need: str
    held: bool
    credential_ids: tuple[CredentialId, ...] = ()

    def as_data(self) -> dict[str, str | bool | list[str] | None]:
        """Ready to be written as JSON."""
        credentials = [str(one) for one in self.credential_ids]
        return {"grant": self.grant, "need": self.need, "held": self.held, "credentials": credentials}


def grant_leaves(one: GrantOutcome, span: TimeSpan, called: str) -> Iterator[Leaf]:
    """The leaves of a grant, `called` so, for the part of `span` in its window; none when they do not meet."""
    for part in one.window & SpanSet([span]):
        yield Leaf(grant=called, need=scope(one.grant), held=one.usable.covers(part))
        for check in one.checks:
            yield Leaf(grant=called, need=f"limit.{check.rule}", held=not check.beyond)
        for outcome in one.needs:
            yield from _leaves(outcome, called, part)


def _leaves(outcome: Outcome, grant: str, span: TimeSpan) -> Iterator[Leaf]:
    if not outcome.asked:  # it does not concern the visit, or is asked for when it starts
        return
    used = (one.credential.id for one in outcome.evidence if one.spans & SpanSet([span]))
    yield Leaf(
        grant=grant,
        need=outcome.need.id,
        held=outcome.spans.covers(span),
        credential_ids=tuple(dict.fromkeys(used)),
    )
    for part in outcome.parts:
        yield from _leaves(part, grant, span)
