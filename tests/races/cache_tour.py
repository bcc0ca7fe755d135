"""Everything that can change free times, one thing after the other: each use case that writes, and the clock alone."""

from collections.abc import Callable, Iterator
from copy import deepcopy
from datetime import date, timedelta
from typing import Any

from sqlalchemy import text

from booking.domain.appointment import Appointment
from booking.domain.permission import Role
from booking.domain.rules import parse_rules
from booking.domain.time.local import LocalSpan
from booking.domain.time.zone import wall_time
from booking.rules import shipped
from booking.store import credentials as papers
from booking.store import diaries
from booking.store.database import Transaction
from booking.usecases import absences, closures, credentials, feeds, hold, staff, sweeping
from booking.usecases.book import BookAppointment, book
from booking.usecases.cancel import CancelAppointment, cancel
from booking.usecases.clinic_file import apply_clinic
from booking.usecases.move import MoveAppointment, move
from booking.usecases.placing import Wanted
from booking.usecases.reanchoring import reanchor
from booking.usecases.views.appointments import get_appointment
from tests.clinics import TUESDAY, DullClinic, contact, open_clinic
from tests.races.cache_clinic import MINE
from tests.races.cache_file import CHANGES, MONDAY, WEDNESDAY, File, policy
from tests.races.cache_life import life_steps
from tests.races.cache_restore import restore
from tests.races.cache_steps import Step, Tour, UseCase


def steps() -> Iterator[Step]:
    """In an order in which each has what it needs; the file's come last, since they retire what there is."""
    yield from _visits()
    yield from _absences()
    yield from _what_is_no_matter_of_free_times()
    yield from _the_clock()
    yield from life_steps()
    yield from _papers()
    yield from _restores()
    yield from _the_file()


def _held(key: str, who: str, day: date, hour: int, treatment: str = "needling") -> Step:
    def play(tour: Tour) -> None:
        command = hold.HoldSlot(wanted=tour.wanted(who, day, hour, treatment), hold_key=key)
        held = tour.do(hold.hold, command, by=tour.clinic.public).appointment
        tour.made[key] = hold.HoldRef(hold=held.id, hold_key=key)

    return Step(name=f"{treatment} with {who} held by {key}", use_case=hold.hold, play=play)


def _with(name: str, use_case: UseCase, key: str, *, changes: bool = True) -> Step:
    """A use case that takes what was made before."""
    return Step(name=name, use_case=use_case, play=lambda tour: tour.do(use_case, tour.made[key]), changes=changes)


def _booked(name: str, what: Callable[[Tour], Any], *, by_file: bool = False) -> Step:
    def play(tour: Tour) -> None:
        visit = tour.do(book, BookAppointment(contact=contact(name), what=what(tour))).appointment
        tour.made["visit"] = visit

    return Step(name=name, use_case=book, play=play, by_file=by_file)


def _visits() -> Iterator[Step]:
    yield _held(MINE, "ada", TUESDAY, 10)
    yield _held("another", "ben", TUESDAY, 11)
    yield _passes("four minutes", minutes=4)
    yield _with("extended", hold.extend, MINE, changes=False)
    yield _passes("nine minutes", minutes=9)
    yield _passes("the last minute of a hold", minutes=1)
    yield _held(MINE, "ben", TUESDAY, 9)
    yield _held(MINE, "ada", WEDNESDAY, 11)
    yield _held("another", "ben", TUESDAY, 14)
    yield _with("released", hold.release, "another")
    yield _booked("booked elsewhere", lambda tour: tour.wanted("ada", WEDNESDAY, 13, site="spokane"))
    yield Step(name="moved", use_case=move, play=_move)
    yield Step(name="moved as the clock of its zone changed", use_case=reanchor, play=_reanchor)
    yield Step(name="cancelled", use_case=cancel, play=_cancel)
    yield _booked("booked as held", lambda tour: tour.made[MINE])
    yield _booked("booked with a device", lambda tour: tour.wanted("ben", TUESDAY, 15, "electro"))
    yield Step(name="moved to somebody else", use_case=move, play=lambda tour: _move(tour, "ada"))
    yield _booked("booked", lambda tour: tour.wanted("ben", TUESDAY, 12))
    yield _booked("booked as the last one of the day", lambda tour: tour.wanted("ben", TUESDAY, 14))


def _move(tour: Tour, who: str | None = None) -> None:
    visit: Appointment = tour.made["visit"]
    command = MoveAppointment(
        appointment=visit.id,
        version=visit.version,
        start=visit.span.start + timedelta(hours=-1 if who else 1),
        practitioner=None if who is None else tour.clinic.practitioners[who],
    )
    tour.made["visit"] = tour.do(move, command).view.appointment


def _reanchor(tour: Tour) -> None:
    """As if the visit had been promised for an hour earlier, under the rules of another release."""
    visit: Appointment = tour.made["visit"]
    earlier = wall_time(visit.span.start - timedelta(hours=1), visit.zone).replace(tzinfo=None).isoformat()

    def spoil(tx: Transaction) -> None:
        which = text("UPDATE appointment SET wall_time = :wall, tzdata = '2000a' WHERE reference = :reference")
        tx.connection.execute(which, {"wall": earlier, "reference": visit.reference})

    tour.clinic.database.write_now(spoil)
    assert sum(step.moved for step in reanchor(tour.clinic.database)) == 1


def _cancel(tour: Tour) -> None:
    visit = tour.clinic.database.read_now(get_appointment, tour.clinic.manager, tour.made["visit"].id).appointment
    tour.do(cancel, CancelAppointment(appointment=visit.id, version=visit.version))


def _passes(what: str, **much: float) -> Step:
    return Step(name=f"{what} pass", use_case=None, play=lambda tour: tour.clock.advance(**much))


def _absences() -> Iterator[Step]:
    monday, tuesday = (LocalSpan(first=day, last=day) for day in (MONDAY, TUESDAY))
    noon = LocalSpan(first=TUESDAY, last=TUESDAY, start_minute=720, end_minute=780)

    def added(use_case: UseCase, command: Callable[[Tour], Any]) -> Step:
        def play(tour: Tour) -> None:
            tour.made["absence"] = absences.RemoveAbsence(absence=tour.do(use_case, command(tour)).absence.id)

        return Step(name=use_case.__name__, use_case=use_case, play=play)

    def closed(name: str, site: str | None, days: LocalSpan) -> Step:
        def play(tour: Tour) -> None:
            command = closures.CloseSite(site=None if site is None else tour.clinic.sites[site], days=days)
            tour.made["closure"] = closures.ReopenSite(closure=tour.do(closures.close_site, command).closure.id)

        return Step(name=name, use_case=closures.close_site, play=play)

    of: dict[UseCase, Callable[[Tour], Any]] = {
        absences.add_leave: lambda tour: absences.AddLeave(practitioner=tour.clinic.practitioners["ada"], days=noon),
        absences.close_room: lambda tour: absences.CloseRoom(room=tour.clinic.rooms["room-1"], days=tuesday),
        absences.close_equipment: lambda tour: absences.CloseEquipment(equipment=tour.device(), days=monday),
    }
    for use_case, command in of.items():
        yield added(use_case, command)
        yield _with(f"{use_case.__name__} taken back", absences.remove_absence, "absence")
    yield closed("site closed", "seattle", noon)
    yield _with("site reopened", closures.reopen_site, "closure")
    yield closed("clinic closed", None, tuesday)
    yield _with("clinic reopened", closures.reopen_site, "closure")


def _what_is_no_matter_of_free_times() -> Iterator[Step]:
    def quietly(use_case: UseCase, play: Callable[[Tour], object]) -> Step:
        return Step(name=use_case.__name__, use_case=use_case, play=play, changes=False)

    def create(tour: Tour) -> None:
        command = feeds.CreateFeed(practitioner=tour.clinic.practitioners["ada"], token_hash="a")
        tour.made["feed"] = tour.do(feeds.create_feed, command).id

    def add(tour: Tour) -> None:
        command = staff.AddStaff(login="olive", name="Olive", role=Role.RECEPTION, password_hash="hash")
        tour.made["member"] = tour.do(staff.add_staff, command)

    def bare(use_case: UseCase, given: Callable[[Tour], tuple[Any, ...]]) -> Step:
        """Without a caller."""
        return quietly(use_case, lambda tour: tour.clinic.database.write_now(use_case, *given(tour)))

    def rotate(tour: Tour) -> None:
        tour.do(feeds.rotate_feed, feeds.RotateFeed(feed=tour.made["feed"], token_hash="b"))

    yield quietly(feeds.create_feed, create)
    yield quietly(feeds.rotate_feed, rotate)
    yield bare(feeds.note_fetch, lambda tour: (tour.clinic.id, tour.made["feed"], "calendar"))
    yield quietly(feeds.revoke_feed, lambda tour: tour.do(feeds.revoke_feed, feeds.RevokeFeed(feed=tour.made["feed"])))
    yield quietly(staff.add_staff, add)
    yield bare(staff.begin_session, lambda tour: (tour.made["member"], "token"))
    yield bare(staff.touch_session, lambda _tour: ("token",))
    yield bare(staff.end_session, lambda _tour: ("token",))
    yield bare(sweeping.sweep, lambda _tour: ())


def _applied(name: str, change: Callable[[File], object], *, by_file: bool = False) -> Step:
    def play(tour: Tour) -> None:
        tour.file = deepcopy(tour.file)
        change(tour.file)
        open_clinic(tour.clinic.database, tour.file)

    return Step(name=f"applied: {name}", use_case=apply_clinic, play=play, by_file=by_file)


def _the_file() -> Iterator[Step]:
    visits: dict[str, Callable[[Tour], Wanted]] = {
        "the only private room": lambda tour: tour.wanted("ada", TUESDAY, 12, "upper-back"),
        "the only device": lambda tour: tour.wanted("ben", TUESDAY, 10, "electro"),
        "the day's last": lambda tour: tour.wanted("ben", TUESDAY, 14),
        "far away": lambda tour: tour.wanted("ada", WEDNESDAY, 12, site="spokane"),
    }
    yield from (_booked(*one, by_file=True) for one in visits.items())
    yield from (_applied(*one, by_file=True) for one in CHANGES.items())


def _the_clock() -> Iterator[Step]:
    yield _passes("an hour's notice", hours=1)
    yield _passes("the last hour for visits of the same day", hours=4)
    yield _passes("midnight", hours=11)


def _papers() -> Iterator[Step]:
    def on(use_case: UseCase, slug: str, command: Callable[..., Any], **what: Any) -> Step:
        def play(tour: Tour) -> None:
            tour.do(use_case, command(credential=tour.clinic.credentials["ada", slug], **what))

        return Step(name=use_case.__name__, use_case=use_case, play=play)

    def adopted(name: str, more: str) -> Step:
        def play(tour: Tour) -> None:
            rules = shipped()["US-WA"].replace("techniques_never", f"{more}techniques_never", 1)
            tour.clinic.database.write_now(_adopt, tour.clinic, rules)

        return Step(name=name, use_case=None, play=play)

    def unverified(file: File) -> None:
        file["practitioner"][0]["credential"][0]["verified"] = False

    yield _applied("unverified", unverified)
    yield on(credentials.verify, "licence", credentials.VerifyCredential, source="register")
    yield on(credentials.suspend, "training", credentials.SuspendCredential, reason="", first=TUESDAY, last=TUESDAY)
    yield adopted("other rules adopted", 'regions_never = ["lumbar"]\n')
    yield adopted("the rules adopted again", "")


def _adopt(tx: Transaction, clinic: DullClinic, rules: str) -> None:
    """Go by other rules: what `clinic apply` does when the program brings a newer version and the file names it."""
    diaries.lock_clinic(tx, clinic.id, exclusive=True)
    papers.adopt(tx, clinic.id, parse_rules(rules), rules, "Olive Owner", MONDAY)
    diaries.raise_offer(tx, clinic.id)


def _restores() -> Iterator[Step]:
    """Other facts get the revisions that were in use just before."""

    def restored(name: str, then: Step) -> Step:
        def play(tour: Tour) -> None:
            tour.clinic.database.write_now(restore, tour.clinic.id)
            then.play(tour)

        return Step(name=name, use_case=None, play=play)

    yield restored("restored, then booked", _booked("anybody", lambda tour: tour.wanted("ada", WEDNESDAY, 9)))
    yield restored("restored, then applied", _applied("notice", policy(notice_minutes=20 * 60)))
