"""How fast the rule is: reading all rule sets, judging a clinic's people and treatments, and asking about one visit.

The day-by-day telling of the tests answers the same questions for the days of one month, as the measure of it.
"""

import time
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from random import Random

from booking.domain.eligibility import evaluate
from booking.domain.rules import parse_rules, stacked
from booking.domain.time.zone import zone_name
from booking.rules import shipped
from tests.benchmarks.figures import Report, Sample
from tests.domain import day_by_day, lottery
from tests.domain.test_eligibility_day_by_day import ask_of, at_ten, rules_of

PEOPLE, TREATMENTS, ROUNDS = 50, 20, 5
READ_WITHIN, SEED = 0.1, 5
ZONE = zone_name("Europe/London")
MONTH = [date(2026, 1, 1) + timedelta(days=day) for day in range(31)]


def timed(work: Callable[[], object]) -> Sample:
    cpu, began = time.process_time(), time.perf_counter()
    work()
    return Sample(wall=time.perf_counter() - began, cpu=time.process_time() - cpu)


def bench_reading(report: Report) -> None:
    texts = list(shipped().values())
    samples = [timed(lambda: stacked(parse_rules(text) for text in texts)) for _ in range(ROUNDS)]
    report.times("reading", f"all {len(texts)} rule sets", samples)
    least = min(one.cpu for one in samples)
    if least > READ_WITHIN:
        report.say(f"  reading takes {least:.3f} s, which is more than {READ_WITHIN} s")


def bench_judging(report: Report) -> None:
    chance = Random(SEED)  # noqa: S311 - drawn to be drawn again, not to be secret
    stack = lottery.stack(chance)
    rules = rules_of(stack)
    drawn = [lottery.question(chance) for _ in range(PEOPLE)]
    treatments = [(one.regions, one.techniques) for one in (lottery.question(chance) for _ in range(TREATMENTS))]
    asked = [replace(one, regions=set(r), techniques=set(t)) for one in drawn for r, t in treatments]
    asks = [ask_of(one, ZONE) for one in asked]
    answers = [evaluate(rules, ask) for ask in asks]
    visits = [at_ten(day, ZONE) for day in MONTH]
    each = f"{PEOPLE} people x {TREATMENTS} treatments"
    told = report.times(
        "judging",
        f"{each}, day by day",
        [timed(lambda: [day_by_day.refused(stack, one, [day]) for one in asked for day in MONTH])],
    )
    samples = [timed(lambda: [evaluate(rules, ask) for ask in asks]) for _ in range(ROUNDS)]
    report.times("judging", f"{each}, spans", samples, limit=told)
    samples = [timed(lambda: [one.spans.covers(visit) for one in answers for visit in visits]) for _ in range(ROUNDS)]
    report.times("judging", "31 visits of each, spans known", samples, limit=told)


def main() -> None:
    report = Report(name="rules")
    report.title("rules")
    bench_reading(report)
    bench_judging(report)
    report.close()


if __name__ == "__main__":
    main()
