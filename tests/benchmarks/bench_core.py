"""How fast the core is: visits booked, free times searched, feeds rendered, on both kinds of database.

Compare figures of one run only.
"""

import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from booking.api.feed_content import feed_bytes
from booking.domain.errors import BookingError
from booking.domain.time.zone import instant_after, local_date
from booking.http.tokens import digest
from booking.store import schema
from booking.store.database import Database
from booking.usecases.feeds import CreateFeed, create_feed
from booking.usecases.views.agenda import agenda, feed_state
from booking.usecases.views.slots import SlotQuery, list_slots
from tests.benchmarks.figures import Figure, Report, Sample
from tests.clinics import SEATTLE_ZONE, DullClinic, dull, open_clinic
from tests.postgres import running

PEOPLE, DAYS, ROUNDS = 10, 30, 5


@contextmanager
def databases() -> Iterator[dict[str, Database]]:
    """An empty, migrated database of each kind."""
    with tempfile.TemporaryDirectory() as folder, running() as server:
        urls = {"SQLite": f"sqlite:///{Path(folder) / 'bench.db'}", "PostgreSQL": server.create_database("bench")}
        opened = {kind: Database(url) for kind, url in urls.items()}
        for database in opened.values():
            schema.migrate(database)
        yield opened
        for database in opened.values():
            database.close_now()


def timed(work: Callable[[], object]) -> Sample:
    cpu, began = time.process_time(), time.perf_counter()
    work()
    return Sample(wall=time.perf_counter() - began, cpu=time.process_time() - cpu)


def working_days() -> list[datetime]:
    """Midnights at the site of the next working days, past the clinic's notice."""
    first = local_date(datetime.now(UTC), SEATTLE_ZONE)
    days = (first + timedelta(days=ahead) for ahead in range(2, 50))
    return [instant_after(day, 0, SEATTLE_ZONE) for day in days if day.weekday() < 5]


def bench_booking(report: Report, kind: str, clinic: DullClinic, threads: int) -> None:
    """Each thread books another practitioner, one visit after the other."""
    people = list(clinic.practitioners)
    starts = [midnight + timedelta(hours=hour) for midnight in working_days()[:10] for hour in range(9, 16)]

    def work(number: int) -> int:
        booked = 0
        for index, start in enumerate(starts):
            try:
                clinic.book(start, people[number], f"Patient {number} {index}")
                booked += 1
            except BookingError:
                continue
        return booked

    began = time.perf_counter()
    with ThreadPoolExecutor(threads) as pool:
        booked = sum(pool.map(work, range(threads)))
    rate = booked / (time.perf_counter() - began)
    what = f"visits a second, {threads} at once"
    report.add(Figure(case=kind, what=what, rounds=booked, least=rate, median=rate, unit="a second"))


def bench_search(report: Report, kind: str, clinic: DullClinic) -> None:
    first = local_date(datetime.now(UTC), SEATTLE_ZONE)
    query = SlotQuery(treatment_type=clinic.treatments["needling"], first=first, last=first + timedelta(days=DAYS - 1))
    samples = [timed(lambda: clinic.database.read_now(list_slots, clinic.public, query)) for _ in range(ROUNDS)]
    report.times(kind, f"slots of {PEOPLE} people, {DAYS} days", samples)


def bench_feed(report: Report, kind: str, clinic: DullClinic) -> None:
    secret = digest("bench")
    command = CreateFeed(practitioner=clinic.practitioners["ada"], token_hash=secret)
    clinic.database.write_now(create_feed, clinic.manager, command)
    state = clinic.database.read_now(feed_state, secret)
    assert state is not None

    def render() -> bytes:
        return feed_bytes(clinic.database.read_now(agenda, state), state, "https://clinic.example")

    size = len(render())
    report.times(kind, f"feed, rendered ({size // 1024} kB)", [timed(render) for _ in range(ROUNDS)])
    unchanged = [timed(lambda: clinic.database.read_now(feed_state, secret)) for _ in range(ROUNDS)]
    report.times(kind, "feed, nothing changed", unchanged)


def main() -> None:
    report = Report(name="core")
    with databases() as opened:
        for kind, database in opened.items():
            report.title(kind)
            people: dict[str, dict[str, object]] = {f"p{number}": {} for number in range(PEOPLE - 1)}
            data = dull(**people)
            data["site"][0]["room"] = [{"slug": f"room-{n}", "name": f"Room {n}"} for n in range(PEOPLE)]
            clinic = open_clinic(database, data)
            bench_booking(report, kind, clinic, 1)
            bench_booking(report, kind, clinic, 8)
            bench_search(report, kind, clinic)
            bench_feed(report, kind, clinic)
    report.close()


if __name__ == "__main__":
    main()
