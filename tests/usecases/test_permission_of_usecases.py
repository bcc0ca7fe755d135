"""Every use case with every kind of caller: done, not permitted, or not even there."""

import inspect
import pkgutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from types import ModuleType
from typing import Any
from uuid import UUID

import pytest
import tomli_w

from booking import usecases
from booking.domain.appointment import Appointment
from booking.domain.errors import NotFound, NotPermitted
from booking.domain.ids import AppointmentId, EquipmentId, PatientId
from booking.domain.lifecycle import Step
from booking.domain.permission import Caller, Role
from booking.domain.time.local import LocalSpan
from booking.store import appointments as appointment_store
from booking.store import diaries as diary_store
from booking.store.database import Database, Transaction
from booking.store.feeds import Feed
from booking.store.ids import new_id
from booking.store.installation import Kind
from booking.usecases import (
    absences,
    audit,
    book,
    cancel,
    chain,
    closures,
    confirming,
    credentials,
    feeds,
    hold,
    law,
    lifecycle,
    merging,
    move,
    notes,
    reassign,
    replay,
    squeeze,
    staff,
    swap,
    undoing,
    walk_in,
)
from booking.usecases.clinic_file import applying, exporting, read_clinic
from booking.usecases.importing import deciding
from booking.usecases.views import absences as absence_views
from booking.usecases.views import (
    appointments,
    catalogue,
    eligibility,
    eligibility_now,
    eligibility_period,
    findings,
    history,
    outlook,
    patients,
    places,
    slots,
    why_not,
)
from booking.usecases.views import law as law_view
from tests.clinics import TUESDAY, DullClinic, at, contact, dull, open_clinic
from tests.plugins.database import MONDAY
from tests.usecases.importing import meant
from tests.usecases.test_law_of_places import DECISION, adopted

UseCase = Callable[..., Any]
ONE_DAY = LocalSpan(first=TUESDAY + timedelta(days=30), last=TUESDAY + timedelta(days=30))


@dataclass(frozen=True, kw_only=True)
class World:
    """A clinic with a visit, one that arrived, a feed and leave of Ada's, a hold, a closure, a decision, callers."""

    clinic: DullClinic
    visit: AppointmentId
    other: Appointment
    arrived: AppointmentId
    held: hold.HoldRef
    feed: Feed
    leave: UUID
    closure: UUID

    def callers(self) -> dict[str, Caller]:
        of = self.clinic.caller
        ada, ben = (self.clinic.practitioners[slug] for slug in ("ada", "ben"))
        return {
            "public": of(Role.PUBLIC),
            "patient": of(Role.PATIENT, appointment_id=self.visit),
            "other patient": of(Role.PATIENT, appointment_id=AppointmentId(new_id())),
            "ada": of(Role.PRACTITIONER, practitioner_id=ada),
            "ben": of(Role.PRACTITIONER, practitioner_id=ben),
            "reception": of(Role.RECEPTION),
            "manager": of(Role.MANAGER),
            "system": of(Role.SYSTEM),
        }


@pytest.fixture
def world(sqlite: Database) -> World:
    data = dull(ben={})
    data["site"][0]["equipment"] = [{"slug": "laser", "name": "Laser", "kind": "laser"}]
    data["practitioner"][0]["extra"] = [{"site": "seattle", "date": MONDAY.date(), "from": "07:00", "to": "09:00"}]
    data["rules"].append(adopted("US-IN"))
    data["owner_decision"] = [DECISION]
    clinic = open_clinic(sqlite, data)
    visit = clinic.book(at(TUESDAY, 10)).appointment.id
    today = clinic.book(at(TUESDAY - timedelta(days=1), 10), caller=clinic.reception).appointment.id
    other = clinic.book(at(TUESDAY, 15), "ben", "Sam Roe").appointment
    arrived = lifecycle.TakeStep(appointment=today, version=1, step=Step.CHECK_IN)
    sqlite.write_now(lifecycle.take_step, clinic.manager, arrived)
    command = hold.HoldSlot(wanted=clinic.wanted(at(TUESDAY, 12)), hold_key="mine")
    held = sqlite.write_now(hold.hold, clinic.public, command).appointment.id
    made = feeds.CreateFeed(practitioner=clinic.practitioners["ada"], token_hash="hash")
    feed = sqlite.write_now(feeds.create_feed, clinic.manager, made)
    leave = absences.AddLeave(practitioner=clinic.practitioners["ada"], days=ONE_DAY)
    shut = closures.CloseSite(site=clinic.sites["seattle"], days=ONE_DAY)
    return World(
        clinic=clinic,
        visit=visit,
        arrived=today,
        other=other,
        held=hold.HoldRef(hold=held, hold_key="mine"),
        feed=feed,
        leave=sqlite.write_now(absences.add_leave, clinic.manager, leave).absence.id,
        closure=sqlite.write_now(closures.close_site, clinic.manager, shut).closure.id,
    )


def _patient_of(tx: Transaction, clinic: DullClinic, visit: AppointmentId) -> PatientId:
    found = appointment_store.get(tx, clinic.id, visit).patient_id
    assert found is not None
    return found


def arguments(world: World) -> dict[UseCase, tuple[Any, ...]]:
    """Each use case with something of Ada's to do it to."""
    clinic, ada = world.clinic, world.clinic.practitioners["ada"]
    licence, wanted = clinic.credentials["ada", "licence"], clinic.wanted(at(TUESDAY, 14))
    search = slots.SlotQuery(treatment_type=wanted.treatment_type, first=TUESDAY, last=TUESDAY)
    ahead = outlook.Outlook(treatment_type=wanted.treatment_type)
    of_ada: dict[str, Any] = {"treatment_type": wanted.treatment_type, "practitioner": ada, "site": wanted.site}
    file = read_clinic(tomli_w.dumps(dull(ben={})))
    decided = law.DecideGrant(jurisdiction="US-IN", grant="dc", decided_by="Olive Owner", basis="a letter")
    room, site = clinic.rooms["room-1"], clinic.sites["seattle"]
    laser = EquipmentId(clinic.database.read_now(diary_store.all_of_kind, clinic.id, "equipment")[0])
    to_two = move.MoveAppointment(appointment=world.visit, version=1, start=at(TUESDAY, 14))
    shorter = squeeze.Shortened(appointment=world.visit, version=1, minutes=25)
    pat, sam = (clinic.database.read_now(_patient_of, clinic, one) for one in (world.visit, world.other.id))
    olive = staff.AddStaff(login="olive", name="Olive", role=Role.RECEPTION, password_hash="hash")
    return {
        absences.add_leave: (absences.AddLeave(practitioner=ada, days=ONE_DAY, reason="course"),),
        absences.close_room: (absences.CloseRoom(room=room, days=ONE_DAY),),
        absences.close_equipment: (absences.CloseEquipment(equipment=laser, days=ONE_DAY),),
        absences.remove_absence: (absences.RemoveAbsence(absence=world.leave),),
        absence_views.list_absences: (absence_views.AbsenceQuery(first=TUESDAY, last=TUESDAY),),
        absence_views.absence_choices: (),
        closures.close_site: (closures.CloseSite(site=site, days=ONE_DAY, reason="training"),),
        closures.reopen_site: (closures.ReopenSite(closure=world.closure),),
        audit.audit: (),
        chain.check_seals: (chain.Place(),),
        chain.check_unsealed: ("status", None, None),
        chain.check_decision: (world.visit,),
        replay.replay: (world.visit,),
        book.book: (book.BookAppointment(contact=contact("Somebody New"), what=wanted),),
        cancel.cancel: (cancel.CancelAppointment(appointment=world.visit, version=1),),
        lifecycle.take_step: (lifecycle.TakeStep(appointment=world.arrived, version=2, step=Step.START),),
        undoing.undo: (undoing.UndoStep(appointment=world.arrived, version=2),),
        confirming.confirm: (confirming.ConfirmVisit(appointment=world.visit),),
        notes.annotate: (notes.Annotate(appointment=world.visit, version=1, note="Rang"),),
        history.visit_history: (world.visit,),
        move.move: (to_two,),
        reassign.reassign: (reassign.ReassignAppointment(appointment=world.visit, version=1),),
        swap.swap: (swap.SwapAppointments(one=world.visit, version=1, other=world.other.id, other_version=1),),
        squeeze.squeeze_in: (squeeze.SqueezeIn(contact=contact("Ann Poe"), wanted=wanted, neighbour=shorter),),
        walk_in.walk_in: (walk_in.WalkIn(name="Cat Lee", treatment_type=wanted.treatment_type, site=site),),
        reassign.other_times_with: (reassign.ReassignAppointment(appointment=world.visit, version=1),),
        walk_in.times_to_come_back: (walk_in.WalkIn(name="Cat", treatment_type=wanted.treatment_type, site=site),),
        patients.find_patients: ("smith",),
        places.places: (world.visit,),
        places.rooms_that_do: (world.visit,),
        patients.patient_record: (pat,),
        merging.merge_patients: (merging.MergePatients(gone=pat, kept=sam),),
        move.other_times: (to_two,),
        applying.apply_clinic: (applying.ApplyClinic(file=file, kind=Kind.REAL, uid_domain="clinic.example"),),
        exporting.export_clinic: (),
        deciding.import_row: (meant(clinic, start=f"{TUESDAY} 14:00"),),
        credentials.verify: (credentials.VerifyCredential(credential=licence, source="register"),),
        credentials.suspend: (credentials.SuspendCredential(credential=licence, reason="board order"),),
        credentials.of_practitioner: (ada,),
        credentials.of_site: (world.clinic.sites["seattle"],),
        feeds.create_feed: (feeds.CreateFeed(practitioner=ada, token_hash="another"),),
        feeds.rotate_feed: (feeds.RotateFeed(feed=world.feed.id, token_hash="another"),),
        feeds.revoke_feed: (feeds.RevokeFeed(feed=world.feed.id),),
        feeds.list_feeds: (ada,),
        hold.hold: (hold.HoldSlot(wanted=wanted, hold_key="other"),),
        hold.find_hold: (world.held,),
        hold.extend: (world.held,),
        hold.release: (world.held,),
        staff.add_staff: (olive,),
        law.decide_grant: (decided,),
        law.withdraw_decision: (law.WithdrawDecision(jurisdiction="US-IN", grant="dc"),),
        law_view.law: (),
        appointments.get_appointment: (world.visit,),
        appointments.list_appointments: (appointments.DayQuery(first=TUESDAY, last=TUESDAY),),
        catalogue.catalogue: (),
        eligibility.explain_eligibility: (wanted,),
        eligibility_period.explain_period: (eligibility_period.PeriodQuery(**of_ada, first=TUESDAY, last=TUESDAY),),
        eligibility_now.may_needle: (eligibility_now.NowQuery(**of_ada),),
        eligibility_now.whereabouts: (ada,),
        findings.list_findings: (),
        findings.list_found_visits: (),
        slots.list_slots: (search,),
        slots.find_times: (search,),
        slots.write_slots: (search, lambda _found, _memory: slots.named(b"")),
        outlook.next_slots: (ahead,),
        outlook.first_days: (ahead, 10),
        outlook.count_slots: (search,),
        why_not.explain_slot: (why_not.WhyNot(wanted=wanted),),
        slots.alternatives: (wanted,),
    }


EVERYBODY = {"public", "patient", "other patient", "ada", "ben", "reception", "manager", "system"}
DESK = {"reception", "manager", "system"}
OFFICE = {"manager", "system"}
BOOKERS = {"public", "patient", "other patient", *DESK}

DONE: dict[UseCase, set[str]] = {
    absences.add_leave: {"ada", *DESK},
    absences.close_room: DESK,
    absences.close_equipment: DESK,
    absences.remove_absence: {"ada", *DESK},
    absence_views.list_absences: {"ada", "ben", *DESK},
    absence_views.absence_choices: {"ada", "ben", *DESK},
    closures.close_site: DESK,
    closures.reopen_site: DESK,
    audit.audit: OFFICE,
    chain.check_seals: OFFICE,
    chain.check_unsealed: OFFICE,
    chain.check_decision: OFFICE,
    replay.replay: OFFICE,
    book.book: BOOKERS,
    cancel.cancel: {"patient", *DESK},
    lifecycle.take_step: {"ada", *DESK},
    undoing.undo: {"ada", *DESK},
    confirming.confirm: {"patient", *DESK},
    notes.annotate: {"ada", *DESK},
    history.visit_history: {"patient", "ada", *DESK},
    move.move: {"patient", *DESK},
    reassign.reassign: DESK,
    swap.swap: DESK,
    squeeze.squeeze_in: DESK,
    walk_in.walk_in: DESK,
    reassign.other_times_with: DESK,
    walk_in.times_to_come_back: DESK,
    patients.find_patients: DESK,
    places.places: DESK,
    places.rooms_that_do: {"patient", *DESK},
    patients.patient_record: DESK,
    merging.merge_patients: DESK,
    move.other_times: {"patient", *DESK},
    applying.apply_clinic: OFFICE,
    exporting.export_clinic: OFFICE,
    deciding.import_row: OFFICE,
    credentials.verify: OFFICE,
    credentials.suspend: OFFICE,
    credentials.of_practitioner: {"ada", *OFFICE},
    credentials.of_site: OFFICE,
    feeds.create_feed: {"ada", *OFFICE},
    feeds.rotate_feed: {"ada", *OFFICE},
    feeds.revoke_feed: {"ada", *OFFICE},
    feeds.list_feeds: {"ada", *OFFICE},
    hold.hold: BOOKERS,
    hold.find_hold: BOOKERS,
    hold.extend: BOOKERS,
    hold.release: BOOKERS,
    staff.add_staff: OFFICE,
    law.decide_grant: OFFICE,
    law.withdraw_decision: OFFICE,
    law_view.law: {"ada", "ben", *DESK},
    appointments.get_appointment: {"patient", "ada", *DESK},
    appointments.list_appointments: {"ada", "ben", *DESK},
    catalogue.catalogue: EVERYBODY,
    eligibility.explain_eligibility: {"ada", *DESK},
    eligibility_period.explain_period: {"ada", *DESK},
    eligibility_now.may_needle: {"ada", *DESK},
    eligibility_now.whereabouts: {"ada", *DESK},
    findings.list_findings: {"ada", "ben", *DESK},
    findings.list_found_visits: {"ada", "ben", *DESK},
    slots.list_slots: EVERYBODY,
    slots.find_times: EVERYBODY,
    slots.write_slots: EVERYBODY,
    outlook.next_slots: EVERYBODY,
    outlook.first_days: EVERYBODY,
    outlook.count_slots: EVERYBODY,
    why_not.explain_slot: {"ada", *DESK},
    slots.alternatives: EVERYBODY,
}
NOT_THERE: dict[UseCase, set[str]] = {
    absences.remove_absence: {"ben"},
    cancel.cancel: {"other patient"},
    lifecycle.take_step: {"ben"},
    undoing.undo: {"patient", "other patient", "ben"},
    confirming.confirm: {"other patient"},
    notes.annotate: {"ben"},
    history.visit_history: {"other patient", "ben"},
    move.move: {"other patient"},
    move.other_times: {"other patient"},
    places.rooms_that_do: {"other patient"},
    appointments.get_appointment: {"other patient", "ben"},
    feeds.rotate_feed: {"ben"},
    feeds.revoke_feed: {"ben"},
}
"""Who may do it to what is their own, and is told of anything else that there is no such thing."""


class Undo(Exception):
    """No error: what was attempted succeeded and is taken back."""


def outcome(world: World, caller: Caller, use_case: UseCase, given: tuple[Any, ...]) -> str:
    def attempt(tx: Transaction) -> None:
        use_case(tx, caller, *given)
        raise Undo

    try:
        world.clinic.database.write_now(attempt)
    except Undo:
        return "done"
    except NotPermitted:
        return "not permitted"
    except NotFound:
        return "not found"
    raise AssertionError


def expected(use_case: UseCase, who: str) -> str:
    if who in DONE[use_case]:
        return "done"
    return "not found" if who in NOT_THERE.get(use_case, ()) else "not permitted"


@pytest.mark.parametrize("use_case", DONE, ids=lambda one: one.__name__)
def test_use_case_is_done_for_whom_it_is_and_for_nobody_else(world: World, use_case: UseCase) -> None:
    given = arguments(world)[use_case]
    found = {who: outcome(world, caller, use_case, given) for who, caller in world.callers().items()}
    assert found == {who: expected(use_case, who) for who in found}


def test_nothing_of_another_clinic_is_there(world: World) -> None:
    """Even for a manager: what is asked for by its id is not found, and lists are empty."""
    database, manager = world.clinic.database, open_clinic(world.clinic.database, another()).manager
    given = arguments(world)
    by_id = (
        absences.add_leave, absences.close_room, absences.close_equipment, absences.remove_absence,
        closures.close_site, closures.reopen_site, law.decide_grant, law.withdraw_decision,
        lifecycle.take_step, undoing.undo, confirming.confirm, notes.annotate, history.visit_history,
        book.book, cancel.cancel, move.move, move.other_times, reassign.reassign,
        swap.swap, squeeze.squeeze_in, walk_in.walk_in, merging.merge_patients, credentials.verify, credentials.suspend,
        reassign.other_times_with, walk_in.times_to_come_back, patients.patient_record,
        places.places, places.rooms_that_do,
        eligibility.explain_eligibility, eligibility_period.explain_period, eligibility_now.may_needle,
        eligibility_now.whereabouts, replay.replay, feeds.create_feed, feeds.rotate_feed, feeds.revoke_feed,
        appointments.get_appointment, hold.hold,
        slots.list_slots, slots.find_times, slots.write_slots, slots.alternatives, outlook.next_slots,
        outlook.first_days, outlook.count_slots, why_not.explain_slot,
    )  # fmt: skip
    found = {use_case.__name__: outcome(world, manager, use_case, given[use_case]) for use_case in by_id}
    assert found == dict.fromkeys(found, "not found")
    lists = (
        credentials.of_practitioner, credentials.of_site, feeds.list_feeds, appointments.list_appointments,
        findings.list_findings, findings.list_found_visits, patients.find_patients,
    )  # fmt: skip
    assert [database.read_now(one, manager, *given[one]) for one in lists] == [[]] * len(lists)
    away = database.read_now(absence_views.list_absences, manager, *given[absence_views.list_absences])
    assert (away.absences, away.closures) == ((), ())
    assert [one.site.name for one in database.read_now(law_view.law, manager).sites] == ["Seattle"]
    assert database.read_now(audit.audit, manager).appointments == 0
    assert outcome(world, manager, applying.apply_clinic, given[applying.apply_clinic]) == "not permitted"


def modules(package: ModuleType) -> Iterator[ModuleType]:
    for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
        yield pkgutil.resolve_name(found.name)


def use_cases() -> set[UseCase]:
    """Everything with a transaction and a caller that an adapter can call."""
    helpers = {"lock_hold", "place", "relocate", "ensure_movable", "might_be_touched", "load", "offered", "agreed"}
    helpers |= {"record_booked", "record_moved", "record_decision", "put", "ask_again", "ensure_own_deed", "on_visit"}
    helpers |= {"take_again", "ensure_movable_still", "decide", "write", "first_status", "keep"}
    return {
        function
        for module in modules(usecases)
        for name, function in inspect.getmembers(module, inspect.isfunction)
        if list(inspect.signature(function).parameters)[:2] == ["tx", "caller"]
        and not name.startswith("_")
        and name not in helpers
    }


def test_the_table_names_every_use_case() -> None:
    assert use_cases() == set(DONE)


def another() -> dict[str, Any]:
    data = dull()
    data["clinic"]["slug"] = "another"
    return data
