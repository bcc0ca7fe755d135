"""When a credential counts: verified, from its first day to the end of its last, but for suspensions."""

from datetime import date
from typing import Any

import pytest

from booking.domain.credential import Suspension, Verification, ensure_forward, runs_backwards
from booking.domain.errors import InvalidInput
from booking.domain.time.span import ALWAYS, NEVER, SpanSet
from booking.domain.time.zone import ZoneName, day_span
from tests.domain.factories import LONDON, SEATTLE, make_credential, visit

YEAR: dict[str, Any] = {"valid_from": date(2026, 1, 1), "valid_until": date(2026, 12, 31)}


def days(*pairs: tuple[str | None, str | None], zone: ZoneName = SEATTLE) -> SpanSet:
    return SpanSet(
        day_span(
            None if first is None else date.fromisoformat(first),
            None if last is None else date.fromisoformat(last),
            zone,
        )
        for first, last in pairs
    )


@pytest.mark.parametrize("zone", [SEATTLE, LONDON])
def test_credential_is_in_force_from_its_first_day_to_the_end_of_its_last(zone: ZoneName) -> None:
    in_force = make_credential(**YEAR).in_force(zone)
    assert in_force == days(("2026-01-01", "2026-12-31"), zone=zone)
    assert in_force.covers(visit(date(2026, 12, 31), hour=23, minutes=60, zone=zone))
    assert not in_force.covers(visit(date(2026, 12, 31), hour=23, minutes=61, zone=zone))
    assert not in_force.covers(visit(date(2025, 12, 31), hour=23, minutes=61, zone=zone))


def test_credential_without_dates_is_in_force_always() -> None:
    assert make_credential().in_force(SEATTLE) == ALWAYS
    assert make_credential(valid_from=date(2026, 1, 1)).in_force(SEATTLE) == days(("2026-01-01", None))
    assert make_credential(valid_until=date(2026, 1, 1)).in_force(SEATTLE) == days((None, "2026-01-01"))


@pytest.mark.parametrize("verification", [Verification.PENDING, Verification.REJECTED])
def test_credential_that_is_not_verified_is_valid_but_never_in_force(verification: Verification) -> None:
    credential = make_credential(**YEAR, verification=verification)
    assert credential.in_force(SEATTLE) == NEVER
    assert credential.valid(SEATTLE) == days(("2026-01-01", "2026-12-31"))


SUSPENSIONS = [
    ([("2026-03-01", "2026-03-31")], [("2026-01-01", "2026-02-28"), ("2026-04-01", "2026-12-31")]),
    ([("2026-03-01", "2026-03-01")], [("2026-01-01", "2026-02-28"), ("2026-03-02", "2026-12-31")]),
    ([("2026-03-01", None)], [("2026-01-01", "2026-02-28")]),
    (
        [("2026-03-01", "2026-03-31"), ("2026-03-15", "2026-04-30")],
        [("2026-01-01", "2026-02-28"), ("2026-05-01", "2026-12-31")],
    ),
    ([("2025-06-01", "2026-01-31")], [("2026-02-01", "2026-12-31")]),
    ([("2025-06-01", None)], []),
    ([("2027-01-01", None)], [("2026-01-01", "2026-12-31")]),
]


@pytest.mark.parametrize(("suspended", "expected"), SUSPENSIONS)
def test_suspension_is_a_hole(suspended: list[tuple[str, str | None]], expected: list[tuple[str, str]]) -> None:
    holes = tuple(
        Suspension(first=date.fromisoformat(first), last=None if last is None else date.fromisoformat(last))
        for first, last in suspended
    )
    assert make_credential(**YEAR, suspensions=holes).in_force(SEATTLE) == days(*expected)


def test_renewal_without_a_gap_is_one_span() -> None:
    old, new = make_credential(**YEAR), make_credential(valid_from=date(2027, 1, 1), valid_until=date(2027, 12, 31))
    assert old.in_force(SEATTLE) | new.in_force(SEATTLE) == days(("2026-01-01", "2027-12-31"))


def test_renewal_a_day_late_leaves_a_day_out() -> None:
    old, new = make_credential(**YEAR), make_credential(valid_from=date(2027, 1, 2))
    both = old.in_force(SEATTLE) | new.in_force(SEATTLE)
    assert both == days(("2026-01-01", "2026-12-31"), ("2027-01-02", None))
    assert not both.covers(visit(date(2027, 1, 1)))


FIRST, NEXT = date(2027, 2, 28), date(2027, 3, 1)


@pytest.mark.parametrize(("first", "last"), [(FIRST, NEXT), (FIRST, FIRST), (None, FIRST), (NEXT, None), (None, None)])
def test_days_that_run_forward_may_be_put_on_file(first: date | None, last: date | None) -> None:
    assert not runs_backwards(first, last)
    ensure_forward(first, last, "valid_until", "A credential")


def test_what_ends_before_it_starts_is_refused_by_its_field() -> None:
    assert runs_backwards(NEXT, FIRST)
    with pytest.raises(InvalidInput) as refused:
        ensure_forward(NEXT, FIRST, "valid_until", "A credential")
    assert refused.value.details == {"field": "valid_until"}
    assert refused.value.message == "A credential does not end before it starts."
