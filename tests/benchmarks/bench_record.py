"""What the record costs: bookings whose rows wait for a seal, sealing, proving it, and making decisions again."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial
from itertools import islice
from uuid import UUID

from sqlalchemy import text

from booking.domain.ids import ClinicId
from booking.domain.permission import Caller
from booking.store import decisions, guards, history, queueing
from booking.store.database import Database, Transaction
from booking.usecases import sealing
from booking.usecases.chain import Place, check_seals
from booking.usecases.replay import Agreement, Archive, Replayed, open_archive, replayed
from tests.benchmarks.bench_core import databases, timed, working_days
from tests.benchmarks.figures import Report, Sample
from tests.clinics import DullClinic, dull, open_clinic

PEOPLE, VISITS, ROWS, ROUNDS = 8, 1_000, 10_000, 4


def times() -> Iterator[tuple[str, datetime]]:
    """Somebody and a time, each once."""
    for day in working_days():
        for hour in range(9, 16):
            for person in range(PEOPLE):
                yield f"person-{person}", day + timedelta(hours=hour)


def bench_booking(report: Report, kind: str, clinic: DullClinic, free: Iterator[tuple[str, datetime]]) -> None:
    """Turn by turn, so that both are measured in the same minutes."""
    each = VISITS // (2 * ROUNDS)
    samples: dict[bool, list[Sample]] = {False: [], True: []}
    for _ in range(ROUNDS):
        for waiting, found in samples.items():
            clinic.database.write_now(_let_wait if waiting else _let_go)
            some = list(islice(free, each))
            found.append(timed(partial(_book, clinic, some)))
    without = report.times(kind, f"{each} bookings, nothing waits", samples[False])
    report.times(kind, f"{each} bookings, rows wait", samples[True], limit=without)


def _book(clinic: DullClinic, some: list[tuple[str, datetime]]) -> None:
    for person, start in some:
        clinic.book(start, person, f"{person} {start}", clinic.reception)


def _let_wait(tx: Transaction) -> None:
    guards.create(tx.connection)


def _let_go(tx: Transaction) -> None:
    for table in queueing.SEALED_BY_KEY:
        on = "" if tx.connection.dialect.name == "sqlite" else f" ON {table}"
        tx.connection.execute(text(f"DROP TRIGGER {queueing.name_of(table)}{on}"))


def bench_sealing(report: Report, kind: str, clinic: DullClinic) -> None:
    _seal(clinic.database, clinic.id)
    samples = []
    for _ in range(ROUNDS):
        for _ in range(ROWS // 1_000):
            clinic.database.write_now(_act, clinic.manager, 1_000)
        samples.append(timed(lambda: _seal(clinic.database, clinic.id)))
    report.times(kind, f"sealing {ROWS} rows", samples)
    report.times(kind, f"checking {ROUNDS * ROWS} sealed rows", [timed(lambda: _check(clinic))])


def _act(tx: Transaction, caller: Caller, number: int) -> None:
    for _ in range(number):
        history.add_audit(tx, caller, "looked", None, tx.now(), what="a row like any other")


def _seal(database: Database, clinic_id: ClinicId) -> None:
    while (made := database.write_now(sealing.seal, clinic_id)) is not None and not made.complete:
        pass


def _check(clinic: DullClinic) -> None:
    place = Place()
    while (links := clinic.database.read_now(check_seals, clinic.manager, place)).seals:
        place = links.place


def bench_replay(report: Report, kind: str, clinic: DullClinic) -> None:
    def replay() -> None:
        archive, past, found = clinic.database.read_now(open_archive, clinic.id), None, list[Replayed]()
        while some := clinic.database.read_now(_some, archive, past):
            past = some[-1].decision.id
            found += some
        assert {one.agreement for one in found} == {Agreement.AGREES}
        assert len(found) == VISITS

    report.times(kind, f"making {VISITS} decisions again", [timed(replay) for _ in range(ROUNDS)])


def _some(tx: Transaction, archive: Archive, past: UUID | None) -> list[Replayed]:
    return replayed(tx, archive, decisions.after(tx, archive.clinic_id, past, 250))


def main() -> None:
    report = Report(name="record")
    report.title("record")
    people: dict[str, dict[str, object]] = {f"person-{number}": {} for number in range(PEOPLE)}
    with databases() as opened:
        for kind, database in opened.items():
            data = dull(**people)
            data["site"][0]["room"] = [{"slug": f"room-{n}", "name": f"Room {n}"} for n in range(PEOPLE)]
            clinic, free = open_clinic(database, data), times()
            bench_booking(report, kind, clinic, free)
            bench_sealing(report, kind, clinic)
            bench_replay(report, kind, clinic)
    report.close()


if __name__ == "__main__":
    main()
