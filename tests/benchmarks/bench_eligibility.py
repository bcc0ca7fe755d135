"""How fast everybody's eligible time is found: fifty people and twenty treatments at each of three places.

`cold` parses every rule set and evaluates everything, as a new process does for its first answers; `rules remembered`
is how the program goes on. Beside both stands the rule told day by day, over a year: its answers are the measure, and
those of the spans must be the same on every day of that year. It fails when a limit is missed.
"""

import sys
import time
import tomllib
from collections.abc import Callable

from booking.domain.eligibility import Ask, Eligibility, evaluate
from booking.domain.eligibility.counting import days
from booking.domain.rules import RuleSet, parse_rules, stacked
from booking.domain.time.span import TimeSpan
from booking.domain.time.zone import zone_name
from booking.rules import shipped
from tests.benchmarks.fifty_people import CANBERRA, DAYS, PEOPLE, TREATMENTS, WALES, WASHINGTON, Where, questions
from tests.benchmarks.figures import Figure, Report, Sample
from tests.domain import day_by_day
from tests.domain.day_by_day import Question, Table
from tests.domain.lottery import DAY
from tests.domain.test_eligibility_day_by_day import ask_of, midnight

ROUNDS = 5
LOAD_WITHIN = 100.0
"""Milliseconds of a processor's time for reading all rule files."""
COLD, REMEMBERED = 0.05, 0.05
"""What finding all spans may take, of the time that the rule takes day by day over a year."""


def timed(work: Callable[[], object]) -> Sample:
    cpu, began = time.process_time(), time.perf_counter()
    work()
    return Sample(wall=time.perf_counter() - began, cpu=time.process_time() - cpu)


def load() -> dict[str, RuleSet]:
    return dict(stacked(parse_rules(text) for text in shipped().values()))


def stack(place: str) -> list[Table]:
    """The place's rules as bare TOML, and those it lies within."""
    rules = tomllib.loads(shipped()[place])
    return [rules, *(stack(rules["within"]) if "within" in rules else ())]


def refused_days(rules: list[Table], asked: list[Question]) -> list[list[bool]]:
    """For each question, whether each day of the year is refused."""
    return [[bool(day_by_day.refused(rules, one, [day])) for day in DAYS] for one in asked]


def expect_equal(where: Where, found: list[Eligibility], refused: list[list[bool]]) -> int:
    """The spans hold exactly the days that are not refused; answers how many those are."""
    zone = zone_name(where.zone)
    whole_days = [TimeSpan(midnight(day, zone), midnight(day + DAY, zone)) for day in DAYS]
    for number, (one, told) in enumerate(zip(found, refused, strict=True)):
        for day, is_refused in zip(whole_days, told, strict=True):
            if one.spans.covers(day) is is_refused:
                raise AssertionError(f"{where.place}, question {number}, {day}: refused day by day is {is_refused}")
    return sum(not each for told in refused for each in told)


def bench_loading(report: Report) -> Figure:
    report.title("rule files")
    return report.times("loading", f"all {len(shipped())}", [timed(load) for _ in range(ROUNDS)])


def bench_place(report: Report, where: Where) -> list[Figure]:
    rules, asked, plain = load()[where.place], questions(where), stack(where.place)
    asks = [ask_of(one, zone_name(where.zone)) for one in asked]

    def cold() -> list[Eligibility]:
        days.cache_clear()
        return judged(load()[where.place], asks)

    refused: list[list[bool]] = []
    yearly = [timed(lambda: refused.extend(refused_days(plain, asked)))]
    eligible = expect_equal(where, cold(), refused)
    if expect_equal(where, judged(rules, asks), refused) != eligible or not 0 < eligible < len(asks) * len(DAYS):
        raise AssertionError(f"{where.place}: {eligible} eligible days are no measure")
    share = eligible / (len(asks) * len(DAYS))
    report.title(f"{where.place}: {PEOPLE} people x {len(TREATMENTS)} treatments, {share:.0%} of all days eligible")
    limit = report.times(where.place, f"day by day, {len(DAYS)} days", yearly)
    samples = [timed(cold) for _ in range(ROUNDS)]
    first = report.times(where.place, "cold", samples, limit, COLD)
    samples = [timed(lambda: judged(rules, asks)) for _ in range(ROUNDS)]
    return [first, report.times(where.place, "rules remembered", samples, limit, REMEMBERED)]


def judged(rules: RuleSet, asks: list[Ask]) -> list[Eligibility]:
    return [evaluate(rules, ask) for ask in asks]


def main() -> None:
    report = Report(name="eligibility")
    report.say("Milliseconds. Both ways give equal answers on every day, or this fails.")
    loading = bench_loading(report)
    figures = [figure for where in (WASHINGTON, WALES, CANBERRA) for figure in bench_place(report, where)]
    missed = [f"{one.case}, {one.what}" for one in figures if (one.cpu_ratio or 0) > (one.aim or 0)]
    if (loading.cpu or 0) > LOAD_WITHIN:
        missed.append(f"all rule files within {LOAD_WITHIN:.0f} ms")
    report.close()
    if missed:
        sys.exit(f"limits missed: {'; '.join(missed)}")
    report.say(f"all rule files are read within {LOAD_WITHIN:.0f} ms, and every other limit is kept")


if __name__ == "__main__":
    main()
