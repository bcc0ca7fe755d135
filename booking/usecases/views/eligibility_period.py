"""When somebody may, and may not, give a treatment somewhere over a stretch of days, and why not then."""

from dataclasses import dataclass
from datetime import date

from booking.domain.eligibility import before_start
from booking.domain.eligibility.timeline import Stretch, duties, timeline
from booking.domain.errors import InvalidInput
from booking.domain.ids import PractitionerId, SiteId, TreatmentTypeId
from booking.domain.permission import Action, Caller, owns, permit
from booking.domain.practitioner import Practitioner
from booking.domain.rules import Duty, Need, RuleSet
from booking.domain.site import Site
from booking.domain.time.span import TimeSpan
from booking.domain.treatment import TreatmentType
from booking.store.database import Transaction
from booking.usecases import offering
from booking.usecases.views.eligibility import judged

LONGEST_PERIOD_DAYS = 800
_EARLIEST, _LATEST = date(2000, 1, 1), date(2200, 1, 1)


@dataclass(frozen=True, kw_only=True)
class PeriodQuery:
    """The local days from `first` to `last` at the site, both included; `regions` None is all of the treatment's."""

    treatment_type: TreatmentTypeId
    practitioner: PractitionerId
    site: SiteId
    first: date
    last: date
    regions: frozenset[str] | None = None


@dataclass(frozen=True, kw_only=True)
class Period:
    """`stretches` follow one another without a gap; each is lawful all through, or tells why not.

    `before_start` is what a visit on these days needs before it starts, and `duties` what the law asks of the
    practitioner besides; neither stands in the way. `rules` is None where none are adopted for the site.
    """

    practitioner: Practitioner
    site: Site
    treatment: TreatmentType
    regions: frozenset[str]
    span: TimeSpan
    stretches: tuple[Stretch, ...]
    before_start: tuple[Need, ...]
    duties: tuple[Duty, ...]
    rules: RuleSet | None


def explain_period(tx: Transaction, caller: Caller, query: PeriodQuery) -> Period:
    """Ask the rule, and only the rule: hours, rooms and claims play no part, nor whether a supervisor is there.

    Raises NotPermitted to practitioners who ask about others, NotFound, and InvalidInput for days that run backwards,
    are too many or not there, and for `regions` that are not some of the treatment's.
    """
    permit(caller, Action.EXPLAIN_ELIGIBILITY, own=owns(caller, query.practitioner))
    ensure_period(query.first, query.last)
    offer = offering.load(tx, caller, query.treatment_type, query.regions)
    site, practitioner = offer.site(query.site), offer.practitioner(query.practitioner)
    eligibility = judged(offer, practitioner, site)
    try:
        stretches = timeline(eligibility, query.first, query.last)
    except ValueError as error:
        raise InvalidInput("from", "The clock of the site skipped that day.") from error
    span = TimeSpan(stretches[0].span.start, stretches[-1].span.end)
    return Period(
        practitioner=practitioner,
        site=site,
        treatment=offer.treatment,
        regions=offer.regions,
        span=span,
        stretches=stretches,
        before_start=before_start(eligibility.rules, eligibility.ask, span),
        duties=duties(eligibility, span),
        rules=eligibility.rules,
    )


def ensure_period(first: date, last: date) -> None:
    """Raises InvalidInput for days that run backwards, are too many, or lie in no calendar of ours."""
    if not 1 <= (last - first).days + 1 <= LONGEST_PERIOD_DAYS:
        raise InvalidInput("to", f"Ask for 1 to {LONGEST_PERIOD_DAYS} days, the first one first.")
    if not (first >= _EARLIEST and last < _LATEST):
        raise InvalidInput("from", f"Ask for days from {_EARLIEST} on, and before {_LATEST}.")
