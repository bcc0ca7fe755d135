"""Patients, for those who book for them: found, and two records of one person made one."""

from typing import Annotated
from uuid import UUID

from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody, QueryParameter

from booking.api.answers import PatientAnswer, patient_of
from booking.api.fields import Answer, Body
from booking.api.operations import open_to
from booking.domain.ids import PatientId
from booking.domain.permission import Caller
from booking.http.access import Access
from booking.http.context import Context
from booking.http.fields import line
from booking.usecases.merging import MergePatients, merge_patients
from booking.usecases.types import RequestKey
from booking.usecases.views.patients import LONGEST_QUERY, find_patients

Search = Annotated[
    str,
    QueryParameter(
        name="search",
        min_length=2,
        max_length=LONGEST_QUERY,
        description="Words, each of which stands in the name, the e-mail address or the telephone number.",
    ),
]


class Patients(Answer):
    """By name; at most twenty."""

    patients: list[PatientAnswer]


class MergeBody(Body):
    """`kept` is the record that is left."""

    kept: UUID


@get("/patients", operation_id="findPatients", summary="Find patients by name or contact", opt=open_to(Access.STAFF))
async def find(context: NamedDependency[Context], caller: NamedDependency[Caller], search: Search) -> Patients:
    query = line(search, "search", LONGEST_QUERY)
    found = await context.database.read(find_patients, caller, query)
    return Patients(patients=[patient_of(one) for one in found])


@post(
    "/patients/{patient_id:str}/merge",
    operation_id="mergePatients",
    summary="Two records are one person: visits and contact go over to the one that is kept",
    status_code=200,
    opt=open_to(Access.STAFF, "patients-overlap", "stale-version", "idempotency-mismatch"),
)
async def merge(
    context: NamedDependency[Context],
    caller: NamedDependency[Caller],
    key: NamedDependency[RequestKey | None],
    patient_id: FromPath[UUID],
    data: JSONBody[MergeBody],
) -> PatientAnswer:
    command = MergePatients(gone=PatientId(patient_id), kept=PatientId(data.kept), request=key)
    return patient_of(await context.database.write(merge_patients, caller, command))
