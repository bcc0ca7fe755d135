"""How fast free times are found: over HTTP from a served program, beside a plain script that gives the same answer.

`cold` is a process that remembers nothing, `one diary changed` follows a booking, `warm` asks again, `304` asks with
the tag of the answer that is at hand. Rounds of each are taken by turns with the script's, so that whatever else the
machine does meets all of them; every answer is compared with the script's. What is called `cpu` is the time of a
processor that the worker took, or the script; that of the database's own server is in neither.
"""

import json
from collections import Counter, defaultdict

from tests.benchmarks import large_clinic
from tests.benchmarks.figures import Figure, Report, Sample
from tests.benchmarks.large_clinic import Size
from tests.benchmarks.processes import resident
from tests.benchmarks.serving import Bench, Places, serve

ROUNDS, FEWER_ROUNDS = 15, 7
COLD, CHANGED, WARM = 1.0, 0.15, 0.02
"""What each is to take, of the plain script's time."""
AGAIN = 4
"""How often each round asks for what is remembered."""
QUERIES = 1000


def compare(report: Report, bench: Bench, case: str, days: int, rounds: int) -> Figure:
    """The whole clinic on so many days, in each of the ways; answers what the script took."""
    path = bench.path(days)
    bench.client.reopen()
    bench.ask(path)
    taken: dict[str, list[Sample]] = defaultdict(list)
    for number in range(rounds):
        before, plain = bench.plain(days)
        bench.forget()
        cold, taken_cold = bench.ask(path)
        bench.book_one_of(before, number)
        changed, taken_changed = bench.ask(path)
        after, plain_after = bench.plain(days)
        again = [bench.ask(path) for _ in range(AGAIN)]
        same = [bench.ask(path, if_none_match=changed.headers["etag"]) for _ in range(AGAIN)]
        expect_equal((cold.body, before), (changed.body, after), *((warm.body, after) for warm, _ in again))
        assert {reply.status for reply, _ in same} == {304}
        taken["plain"] += [plain, plain_after]
        taken["cold"].append(taken_cold)
        taken["changed"].append(taken_changed)
        taken["warm"] += [sample for _, sample in again]
        taken["304"] += [sample for _, sample in same]
    count, size = after.count(b'"start"'), len(after) // 1024
    report.title(f"{case}, {days} days: {bench.claims():,} claims, {count:,} slots, {size:,} kB")
    limit = report.times(case, "plain script", taken["plain"])
    report.times(case, "cold", taken["cold"], limit, COLD)
    report.times(case, "one diary changed", taken["changed"], limit, CHANGED)
    report.times(case, "warm", taken["warm"], limit, WARM)
    report.times(case, "not modified (304)", taken["304"], limit)
    return limit


def expect_equal(*pairs: tuple[bytes, bytes]) -> None:
    """The program and the script give the same answer, byte by byte."""
    for ours, plain in pairs:
        if ours != plain:
            at = next(place for place, (a, b) in enumerate(zip(ours, plain, strict=False)) if a != b)
            raise AssertionError(f"answers differ: {ours[at - 200 : at + 60]!r} and {plain[at - 200 : at + 60]!r}")


def from_afar(report: Report, bench: Bench, case: str, limit: Figure) -> None:
    """A month's counts and everybody's next time, which the plain script would take as long for as for all times."""
    days, taken = 30, defaultdict[str, list[Sample]](list)
    counts, following = bench.path(days, "slots/counts"), bench.path(days, "slots/next").partition("&to=")[0]
    for round_ in range(FEWER_ROUNDS):
        for number, (what, path) in enumerate((("counts", counts), ("next", following)), start=1000 + 2 * round_):
            bench.forget()
            taken[f"{what}, cold"].append(bench.ask(path)[1])
            bench.book_one_of(bench.plain(days)[0], number)
            taken[f"{what}, one diary changed"].append(bench.ask(path)[1])
            taken[f"{what}, warm"].append(bench.ask(path)[1])
    slots = json.loads(bench.plain(days)[0])["slots"]
    by_day = Counter(one["start"][:10] for one in slots)
    counted = {one["date"]: one["slots"] for one in json.loads(bench.ask(counts)[0].body)["counts"]}
    nearest = {one["practitioner"]: one["start"] for one in reversed(slots)}
    found = {one["practitioner"]: one["start"] for one in json.loads(bench.ask(following)[0].body)["slots"]}
    assert (counted, found) == (by_day, nearest)
    for what, samples in taken.items():
        report.times(case, what, samples, limit)


def memory(report: Report, bench: Bench, case: str) -> None:
    """What a process keeps after very many questions, of which no two are the same."""
    bench.forget()
    bench.ask(bench.path(30))
    began = resident(bench.worker)
    for number, path in enumerate(bench.differing(2 * QUERIES), start=1):
        assert bench.client.get(path).status == 200
        if number % QUERIES == 0:
            grown = (resident(bench.worker) - began) / 1e6
            what = f"MB more after {number:,} questions"
            report.add(Figure(case=case, what=what, rounds=1, least=grown, median=grown, unit="MB"))


def sizes(report: Report, places: Places, kind: str) -> None:
    """A clinic of ten and one of fifty, each half full."""
    for people in (10, 50):
        with serve(places, kind, Size(people=people, days=30)) as bench:
            case = f"{kind}, {people} people"
            first = bench.ask(bench.path(30))[1]
            limit = compare(report, bench, case, 30, ROUNDS)
            report.times(case, "first answer of a new process", [first], limit)
            from_afar(report, bench, case, limit)
            if people == 50:
                memory(report, bench, case)


def growth(report: Report, places: Places, kind: str) -> None:
    """With the days that are asked for, and with years of visits that are over."""
    with serve(places, kind, Size(people=20, days=62)) as bench:
        for days in (7, 30, 62):
            compare(report, bench, f"{kind}, 20 people", days, FEWER_ROUNDS)
    with serve(places, kind, Size(people=20, days=30)) as bench:
        for years in ((0, 1), (1, 10)):
            bench.clinic.database.write_now(large_clinic.add_history, years)
            compare(report, bench, f"{kind}, 20 people, {years[1]} years of history", 30, FEWER_ROUNDS)


def main() -> None:
    report = Report(name="slots")
    report.say("Milliseconds. What is beside a time is its part of the plain script's.")
    with Places.open() as places:
        for kind in ("SQLite", "PostgreSQL"):
            sizes(report, places, kind)
            growth(report, places, kind)
    report.close()


if __name__ == "__main__":
    main()
