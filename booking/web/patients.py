"""Patients at the desk: found, looked at with their visits, and two records of one person made one."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Response

from booking.domain.errors import BookingError, InvalidInput, NotFound, PatientsOverlap, Unavailable
from booking.domain.ids import PatientId
from booking.domain.patient import Patient
from booking.domain.permission import Caller
from booking.domain.time.zone import local_date
from booking.http.access import Access
from booking.http.context import Context
from booking.http.problems import STATUS
from booking.http.visitors import Visitor
from booking.usecases.merging import MergePatients, merge_patients
from booking.usecases.types import Transaction
from booking.usecases.views.appointments import AppointmentView
from booking.usecases.views.catalogue import catalogue
from booking.usecases.views.patients import MOST_FOUND, PatientRecord, find_patients, patient_record
from booking.web.desk import at_desk
from booking.web.desk_forms import desk_form
from booking.web.errors import said
from booking.web.forms import Form
from booking.web.frame import PageRequest, staff_frame
from booking.web.rendering import page

TAB = "Patients"
BASE = "/desk/patients"


@dataclass(frozen=True, kw_only=True)
class _Found:
    """`like` is the person of whom another record is looked for."""

    patients: tuple[Patient, ...]
    like: Patient | None


@dataclass(frozen=True, kw_only=True)
class _Pair:
    """Two records, of which `gone` would become part of `kept`."""

    gone: PatientRecord
    kept: PatientRecord
    now: datetime
    today: date

    def visit(self, reference: str) -> AppointmentView:
        return next(one for one in (*self.gone.visits, *self.kept.visits) if one.appointment.reference == reference)


@get(BASE, opt={"access": Access.STAFF})
async def search(
    request: PageRequest, context: NamedDependency[Context], visitor: NamedDependency[Visitor]
) -> Response[str]:
    frame = await staff_frame(request, context, visitor, TAB)
    form = Form(values=dict(request.query_params))
    found = await context.database.read(_find, at_desk(request, visitor), form)
    return page(
        "desk_patients.html",
        frame,
        status=400 if form.wrong else 200,
        form=form,
        found=found,
        asked="search" in form.values,
        most=MOST_FOUND,
    )


@get(f"{BASE}/{{patient_id:uuid}}", opt={"access": Access.STAFF})
async def show(
    request: PageRequest,
    patient_id: FromPath[UUID],
    context: NamedDependency[Context],
    visitor: NamedDependency[Visitor],
) -> Response[str]:
    frame = await staff_frame(request, context, visitor, TAB)
    found, now = await context.database.read(_record, at_desk(request, visitor), PatientId(patient_id))
    merged = "merged" in request.query_params
    return page("desk_patient.html", frame, record=found, now=now, today=local_date(now, frame.zone), merged=merged)


@get(f"{BASE}/{{patient_id:uuid}}/merge/{{kept_id:uuid}}", opt={"access": Access.STAFF})
async def compare(
    request: PageRequest,
    patient_id: FromPath[UUID],
    kept_id: FromPath[UUID],
    context: NamedDependency[Context],
    visitor: NamedDependency[Visitor],
) -> Response[str]:
    command = MergePatients(gone=PatientId(patient_id), kept=PatientId(kept_id))
    return await _compared(request, context, visitor, command)


@post(f"{BASE}/{{patient_id:uuid}}/merge/{{kept_id:uuid}}", opt={"access": Access.STAFF}, status_code=200)
async def merge(
    request: PageRequest,
    patient_id: FromPath[UUID],
    kept_id: FromPath[UUID],
    context: NamedDependency[Context],
    visitor: NamedDependency[Visitor],
) -> Response[str]:
    caller = at_desk(request, visitor)
    await desk_form(request, context)
    command = MergePatients(gone=PatientId(patient_id), kept=PatientId(kept_id))
    try:
        await context.database.write(merge_patients, caller, command)
    except (Unavailable, InvalidInput, NotFound):
        raise
    except BookingError as refusal:
        return await _compared(request, context, visitor, command, refusal)
    return Redirect(f"{BASE}/{kept_id}?merged", status_code=303)


async def _compared(
    request: PageRequest,
    context: Context,
    visitor: Visitor,
    command: MergePatients,
    problem: BookingError | None = None,
) -> Response[str]:
    frame = await staff_frame(request, context, visitor, TAB)
    pair = await context.database.read(_pair, at_desk(request, visitor), command)
    references = problem.details["references"] if isinstance(problem, PatientsOverlap) else ()
    return page(
        "desk_merge.html",
        frame,
        status=STATUS[problem.code] if problem else 200,
        pair=pair,
        problem=said(problem) if problem else None,
        overlapping=[pair.visit(one) for one in references],
    )


def _find(tx: Transaction, caller: Caller, form: Form) -> _Found:
    """What is wrong with the query is noted in the form."""
    query, like = form.typed("search"), form.typed("like")
    found: list[Patient] = []
    if "search" in form.values:
        try:
            found = find_patients(tx, caller, query)
        except InvalidInput as refusal:
            form.wrong["search"] = refusal.message
    same = patient_record(tx, caller, PatientId(UUID(like))).patient if _is_id(like) else None
    return _Found(patients=tuple(one for one in found if same is None or one.id != same.id), like=same)


def _is_id(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True


def _record(tx: Transaction, caller: Caller, patient_id: PatientId) -> tuple[PatientRecord, datetime]:
    return patient_record(tx, caller, patient_id), tx.now()


def _pair(tx: Transaction, caller: Caller, command: MergePatients) -> _Pair:
    if command.gone == command.kept:
        raise InvalidInput("kept", "That is the same record.")
    now = tx.now()
    return _Pair(
        gone=patient_record(tx, caller, command.gone),
        kept=patient_record(tx, caller, command.kept),
        now=now,
        today=local_date(now, catalogue(tx, caller).clinic.zone),
    )


HANDLERS = [search, show, compare, merge]
