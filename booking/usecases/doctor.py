"""Whether the installation is well: what an operator must know and no patient would notice at first."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from booking.domain.rules import review_due
from booking.store import anchors, clinics, credentials, installation, vitals
from booking.store.anchors import Elsewhere
from booking.store.database import Transaction

OVERDUE = timedelta(minutes=15)


@dataclass(frozen=True, kw_only=True)
class Health:
    """`rules_overdue` are jurisdictions whose rules are past their review day, with that day.

    `elsewhere` counts what another release of the time zone database gave its instants. `rests_since` is set while the
    worker does nothing, because the database was restored or copied then.
    """

    clinics: int
    appointments: int
    holds_overdue: int
    overdue_after: timedelta
    rules_overdue: tuple[tuple[str, date], ...]
    elsewhere: Elsewhere
    rests_since: datetime | None


def health(tx: Transaction) -> Health:
    now = tx.now()
    found = clinics.clinics(tx)
    adopted = {name: rules for clinic in found for name, rules in credentials.adopted(tx, clinic.id).items()}
    return Health(
        clinics=len(found),
        appointments=vitals.count_appointments(tx),
        holds_overdue=vitals.count_holds_expired_before(tx, now - OVERDUE),
        overdue_after=OVERDUE,
        elsewhere=anchors.count(tx),
        rests_since=installation.rests_since(tx),
        rules_overdue=tuple(
            (name, rules.review_by) for name, rules in adopted.items() if review_due(rules, now.date())
        ),
    )
