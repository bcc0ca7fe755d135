"""What a person must look at."""

from typing import Any
from uuid import UUID

from litestar import get
from litestar.di import NamedDependency

from booking.api.fields import Answer, Instant
from booking.api.operations import open_to
from booking.domain.permission import Caller
from booking.http.access import Access
from booking.http.context import Context
from booking.usecases.views.findings import list_findings


class FindingAnswer(Answer):
    """`kind` is `lost_cover` when nobody may lawfully give the visit as it is booked; `detail` then holds `reasons`."""

    id: UUID
    appointment: UUID
    kind: str
    opened_at: Instant
    detail: dict[str, Any]


class Findings(Answer):
    """The open ones, the oldest first."""

    findings: list[FindingAnswer]


@get("/findings", operation_id="listFindings", summary="What needs somebody's attention", opt=open_to(Access.STAFF))
async def list_open(context: NamedDependency[Context], caller: NamedDependency[Caller]) -> Findings:
    found = await context.database.read(list_findings, caller)
    return Findings(
        findings=[
            FindingAnswer(
                id=one.id,
                appointment=one.appointment_id,
                kind=one.kind,
                opened_at=one.opened_at.isoformat(),
                detail=dict(one.detail),
            )
            for one in found
        ]
    )
