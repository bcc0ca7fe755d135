"""How fast the core is: visits booked, free times searched, feeds rendered, on both kinds of database.

Every figure is the median of several rounds, printed with the least and the greatest; compare figures of one run only.
"""

import statistics
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


def timed(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def report(what: str, seconds: list[float], unit: str = "ms") -> None:
    least, middle, most = min(seconds), statistics.median(seconds), max(seconds)
    print(f"  {what:52} {middle * 1e3:9.1f} {unit}   ({least * 1e3:.1f} to {most * 1e3:.1f})")  # noqa: T201 -- its output


def working_days() -> list[datetime]:
    """Midnights at the site of the next working days, past the clinic's notice."""
    first = local_date(datetime.now(UTC), SEATTLE_ZONE)
    days = (first + timedelta(days=ahead) for ahead in range(2, 50))
    return [instant_after(day, 0, SEATTLE_ZONE) for day in days if day.weekday() < 5]


def bench_booking(clinic: DullClinic, threads: int) -> None:
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
    print(f"  {f'booking, {threads} at once ({booked} visits)':52} {rate:9.0f} a second")  # noqa: T201 -- its output


def bench_search(clinic: DullClinic) -> None:
    first = local_date(datetime.now(UTC), SEATTLE_ZONE)
    query = SlotQuery(treatment_type=clinic.treatments["needling"], first=first, last=first + timedelta(days=DAYS - 1))
    seconds = [timed(lambda: clinic.database.read_now(list_slots, clinic.public, query)) for _ in range(ROUNDS)]
    found = len(clinic.database.read_now(list_slots, clinic.public, query).slots)
    report(f"searching {PEOPLE} people x {DAYS} days ({found} slots)", seconds)


def bench_feed(clinic: DullClinic) -> None:
    secret = digest("bench")
    command = CreateFeed(practitioner=clinic.practitioners["ada"], token_hash=secret)
    clinic.database.write_now(create_feed, clinic.manager, command)
    state = clinic.database.read_now(feed_state, secret)
    assert state is not None

    def render() -> bytes:
        return feed_bytes(clinic.database.read_now(agenda, state), state, "https://clinic.example")

    size = len(render())
    report(f"feed, rendered ({size // 1024} kB)", [timed(render) for _ in range(ROUNDS)])
    unchanged = [timed(lambda: clinic.database.read_now(feed_state, secret)) for _ in range(ROUNDS)]
    report("feed, nothing changed", unchanged)


def main() -> None:
    with databases() as opened:
        for kind, database in opened.items():
            print(kind)  # noqa: T201 -- its output
            people: dict[str, dict[str, object]] = {f"p{number}": {} for number in range(PEOPLE - 1)}
            data = dull(**people)
            data["site"][0]["room"] = [{"slug": f"room-{n}", "name": f"Room {n}"} for n in range(PEOPLE)]
            clinic = open_clinic(database, data)
            bench_booking(clinic, 1)
            bench_booking(clinic, 8)
            bench_search(clinic)
            bench_feed(clinic)


if __name__ == "__main__":
    main()
