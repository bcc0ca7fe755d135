"""The answer day after day: held against asking single days, and told for days that are special."""

from datetime import date, timedelta
from itertools import pairwise
from random import Random

import pytest

from booking.domain.credential import Credential, Suspension, Verification
from booking.domain.eligibility import Colleague, Eligibility, evaluate
from booking.domain.eligibility.timeline import duties, supervised, timeline
from booking.domain.ids import PractitionerId
from booking.domain.time.span import TimeSpan
from booking.domain.time.zone import day_span
from tests.domain import lottery
from tests.domain.factories import APIA, an_id, make_ask, make_credential, make_practitioner, visit
from tests.domain.lottery import DAY
from tests.domain.short_rules import everylands, permitting, reasons, written
from tests.domain.test_eligibility_day_by_day import ZONES, ask_of, rules_of, turning_points

FIRST, LAST = date(2024, 1, 1), date(2028, 12, 31)
EVERYLAND = written(permitting())
DUTY = '[[grant.duty]]\nsay = "{say}"\n'


@pytest.mark.parametrize("number", range(40))
def test_each_day_has_the_answer_and_the_reasons_of_that_day(number: int) -> None:
    chance = Random(number)  # noqa: S311 - drawn to be drawn again, not to be secret
    stack = lottery.stack(chance)
    rules = rules_of(stack)
    for _ in range(5):
        question, zone = lottery.question(chance), chance.choice(ZONES)
        eligibility = evaluate(rules, ask_of(question, zone))
        found = timeline(eligibility, FIRST, LAST)
        ensure_whole(eligibility, FIRST, LAST)
        under = eligibility.supervision()
        days = [one for one in turning_points(stack, question) if FIRST <= one <= LAST]
        for day in chance.sample(days, min(40, len(days))):
            (one,) = (stretch for stretch in found if stretch.first <= day <= stretch.last)
            assert one.reasons == eligibility.reasons(visit(day, zone=zone)), day
            assert one.supervision == supervised(under, visit(day, zone=zone))
            assert one.may is eligibility.spans.covers(day_span(day, day, zone))
            assert all(reason.true_from is None or reason.true_from > day for reason in one.reasons)


def ensure_whole(eligibility: Eligibility, first: date, last: date) -> None:
    """All days are told, each once, and no two neighbours tell the same."""
    found = timeline(eligibility, first, last)
    assert (found[0].first, found[-1].last) == (first, last)
    assert (found[0].span.start, found[-1].span.end) == (
        day_span(first, first, eligibility.ask.zone).start,
        day_span(last, last, eligibility.ask.zone).end,
    )
    for one, other in pairwise(found):
        assert one.span.end == other.span.start
        assert one.last + DAY == other.first
        assert (one.reasons, one.supervision) != (other.reasons, other.supervision)


def told(*credentials: Credential, first: date = FIRST, last: date = LAST) -> list[tuple[date, date, str]]:
    """First and last day of each stretch, and what is on file for the first reason."""
    found = timeline(evaluate(EVERYLAND, make_ask(*credentials)), first, last)
    return [(one.first, one.last, one.reasons[0].have if one.reasons else "") for one in found]


def test_time_line_turns_where_the_file_does() -> None:
    licence = everylands(
        valid_from=date(2024, 3, 1),
        valid_until=date(2026, 5, 31),
        suspensions=(Suspension(first=date(2025, 3, 10), last=date(2025, 3, 19)),),
    )
    assert told(licence) == [
        (FIRST, date(2024, 2, 29), "licence PT-1234, XX, starts 2024-03-01"),
        (date(2024, 3, 1), date(2025, 3, 9), ""),
        (date(2025, 3, 10), date(2025, 3, 19), "licence PT-1234, XX, suspended from 2025-03-10 to 2025-03-19"),
        (date(2025, 3, 20), date(2026, 5, 31), ""),
        (date(2026, 6, 1), LAST, "licence PT-1234, XX, ended 2026-05-31"),
    ]


def test_words_turn_with_a_credential_that_does_not_count() -> None:
    pending = everylands(valid_until=date(2026, 5, 31), verification=Verification.PENDING)
    assert told(pending) == [
        (FIRST, date(2026, 5, 31), "licence PT-1234, XX, not verified yet"),
        (date(2026, 6, 1), LAST, "licence PT-1234, XX, not verified yet and ended 2026-05-31"),
    ]


def test_answer_that_stays_is_one_stretch() -> None:
    renewed = everylands(slug="next", valid_from=date(2026, 1, 1))
    assert told(everylands(valid_until=date(2025, 12, 31)), renewed) == [(FIRST, LAST, "")]
    assert told() == [(FIRST, LAST, "nothing on file")]


def test_day_of_a_change_can_be_asked_alone() -> None:
    day = date(2026, 5, 31)
    licence = everylands(valid_until=day)
    assert told(licence, first=day, last=day) == [(day, day, "")]
    assert told(licence, first=day + DAY, last=day + DAY)[0][2] == "licence PT-1234, XX, ended 2026-05-31"


def test_need_that_is_met_on_one_longer_day_alone_is_told_for_that_day() -> None:
    """On the day on which the clock is put back; the days before it are shorter."""
    day = date(2026, 11, 1)
    eligibility = evaluate(EVERYLAND, make_ask(everylands(valid_from=day, valid_until=day)))
    before, on, after = timeline(eligibility, FIRST, LAST)
    assert (on.first, on.last, on.may, on.span.length) == (day, day, True, timedelta(hours=25))
    assert [one.reasons[0].true_from for one in (before, after)] == [day, None]


def test_day_that_the_clock_skipped_is_in_no_stretch() -> None:
    skipped = date(2011, 12, 30)
    licence = everylands(valid_from=skipped + DAY)
    eligibility = evaluate(EVERYLAND, make_ask(licence, zone=APIA))
    before, after = timeline(eligibility, date(2011, 12, 1), date(2012, 1, 31))
    assert (before.last, after.first, after.may) == (skipped - DAY, skipped + DAY, True)
    with pytest.raises(ValueError, match="a span ends after it starts"):
        timeline(eligibility, skipped, skipped)


def test_supervision_is_told_on_the_days_on_which_nothing_else_will_do() -> None:
    need = 'need = "supervisor"\nmode = "direct"\nprofessions = ["physical_therapist"]'
    rules = written(
        permitting(need, name="junior"), permitting('need = "credential"\nkind = "endorsement"', name="senior")
    )
    bea = make_practitioner(id=PractitionerId(an_id("bea")), name="Bea")
    other = Colleague(practitioner=bea, credentials=(everylands(valid_until=date(2026, 12, 31)),))
    endorsed = make_credential("endorsement", valid_from=date(2025, 1, 1), valid_until=date(2025, 12, 31))
    found = timeline(evaluate(rules, make_ask(everylands(), endorsed, colleagues=(other,))), FIRST, LAST)
    assert [(one.first, one.may, [who.name for way in one.supervision for who in way.by]) for one in found] == [
        (FIRST, True, ["Bea"]),
        (date(2025, 1, 1), True, []),
        (date(2026, 1, 1), True, ["Bea"]),
        (date(2027, 1, 1), False, []),
    ]
    assert found[0].supervision[0].need.mode == "direct"


def test_place_without_rules_is_one_stretch() -> None:
    (one,) = timeline(evaluate(None, make_ask()), FIRST, LAST)
    assert (one.first, one.last, [reason.rule for reason in one.reasons]) == (FIRST, LAST, ["scope.unknown"])


def test_refusal_beside_an_open_grant_is_not_said_to_end_on_the_day_asked_about() -> None:
    """Where two rules hold on one day, the day on which one of them opens is not when the other stops refusing."""
    unsure = permitting(name="unsure").replace("source =", 'confidence = "low"\nuntil = 2026-06-30\nsource =', 1)
    found = {one.rule: one.true_from for one in reasons(written(permitting(), unsure), visit(date(2026, 1, 10)))}
    assert found == {"licence": None, "scope.low_confidence": date(2026, 7, 1)}


def test_duties_are_those_of_grants_that_allow_something_then() -> None:
    early = permitting(name="early").replace("[[grant.require]]", "until = 2025-12-31\n[[grant.require]]", 1)
    late = permitting(name="late").replace("[[grant.require]]", "from = 2026-01-01\n[[grant.require]]", 1)
    rules = written(early + DUTY.format(say="Report it"), late + 2 * DUTY.format(say="Stay in the room"))
    eligibility = evaluate(rules, make_ask(everylands(valid_until=date(2026, 1, 31))))
    assert [one.say for one in duties(eligibility, days(date(2024, 1, 1), date(2024, 1, 2)))] == ["Report it"]
    assert [one.say for one in duties(eligibility, days(date(2025, 1, 1), LAST))] == ["Report it", "Stay in the room"]
    assert duties(eligibility, days(date(2026, 2, 1), LAST)) == ()


def days(first: date, last: date) -> TimeSpan:
    return day_span(first, last, make_ask().zone)
