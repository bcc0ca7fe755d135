"""What is done to visits once they are booked, as steps of a tour; it is the night before Tuesday."""

from collections.abc import Callable, Iterator
from datetime import timedelta

from booking.domain.appointment import Appointment
from booking.domain.lifecycle import Step as LifeStep
from booking.usecases import confirming, lifecycle, merging, notes, reassign, squeeze, swap, undoing
from booking.usecases.book import BookAppointment, book
from booking.usecases.move import MoveAppointment, move
from booking.usecases.views.appointments import get_appointment
from tests.clinics import contact
from tests.races.cache_file import WEDNESDAY
from tests.races.cache_steps import Step, Tour, UseCase


def life_steps() -> Iterator[Step]:
    yield _on(
        "confirmed", confirming.confirm, lambda _tour, one: confirming.ConfirmVisit(appointment=one.id), quiet=True
    )
    yield _on("noted", notes.annotate, _note, quiet=True)
    yield _on("arrived", lifecycle.take_step, _step(LifeStep.CHECK_IN), quiet=True)
    yield _on("begun", lifecycle.take_step, _step(LifeStep.START), quiet=True)
    yield _on("over long before its end", lifecycle.take_step, _step(LifeStep.COMPLETE))
    yield _on("not over after all", undoing.undo, _undo)
    yield Step(name="booked to be given away", use_case=book, play=lambda tour: _book(tour, "Ann Poe", 10))
    yield _on("given to a colleague", reassign.reassign, _reassign)
    yield Step(name="booked to change places", use_case=book, play=lambda tour: _book(tour, "Cat Lee", 14))
    yield Step(name="made longer", use_case=move, play=_lengthen)
    yield Step(name="squeezed in", use_case=squeeze.squeeze_in, play=_squeeze)
    yield Step(name="changed places", use_case=swap.swap, play=_swap, changes=False)
    yield Step(name="one person", use_case=merging.merge_patients, play=_merge, changes=False)


def _on(name: str, use_case: UseCase, command: Callable[[Tour, Appointment], object], *, quiet: bool = False) -> Step:
    """With the visit that was booked last."""

    def play(tour: Tour) -> None:
        tour.do(use_case, command(tour, _now(tour, "visit")))

    return Step(name=name, use_case=use_case, play=play, changes=not quiet)


def _now(tour: Tour, name: str) -> Appointment:
    """The visit as it is now."""
    seen = tour.clinic.database.read_now(get_appointment, tour.clinic.manager, tour.made[name].id)
    return seen.appointment


def _step(step: LifeStep) -> Callable[[Tour, Appointment], object]:
    return lambda _tour, one: lifecycle.TakeStep(appointment=one.id, version=one.version, step=step)


def _note(_tour: Tour, one: Appointment) -> object:
    return notes.Annotate(appointment=one.id, version=one.version, note="Rang")


def _undo(_tour: Tour, one: Appointment) -> object:
    return undoing.UndoStep(appointment=one.id, version=one.version)


def _reassign(tour: Tour, one: Appointment) -> object:
    return reassign.ReassignAppointment(
        appointment=one.id, version=one.version, practitioner=tour.clinic.practitioners["ada"]
    )


def _book(tour: Tour, name: str, hour: int) -> None:
    tour.made["other"] = tour.made["visit"]
    command = BookAppointment(contact=contact(name), what=tour.wanted("ben", WEDNESDAY, hour))
    tour.made["visit"] = tour.do(book, command).appointment


def _lengthen(tour: Tour) -> None:
    one = _now(tour, "visit")
    tour.do(move, MoveAppointment(appointment=one.id, version=one.version, start=one.span.start, minutes=60))


def _squeeze(tour: Tour) -> None:
    one = _now(tour, "visit")
    shorter = squeeze.Shortened(appointment=one.id, version=one.version, minutes=one.agreed.minutes // 2)
    start = one.span.start + timedelta(minutes=one.agreed.minutes // 2 + one.agreed.buffer_after)
    wanted = tour.wanted("ben", WEDNESDAY, 14)
    between = type(wanted)(**{**vars(wanted), "start": start})
    tour.do(squeeze.squeeze_in, squeeze.SqueezeIn(contact=contact("Dan Wu"), wanted=between, neighbour=shorter))


def _swap(tour: Tour) -> None:
    one, other = _now(tour, "visit"), _now(tour, "other")
    command = swap.SwapAppointments(one=one.id, version=one.version, other=other.id, other_version=other.version)
    tour.do(swap.swap, command)


def _merge(tour: Tour) -> None:
    gone, kept = _now(tour, "visit").patient_id, _now(tour, "other").patient_id
    assert gone is not None
    assert kept is not None
    tour.do(merging.merge_patients, merging.MergePatients(gone=gone, kept=kept))
