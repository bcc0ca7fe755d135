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
    """Why a booked visit cannot take place as things stand; `detail` says so in facts.

    `lost_cover`: its practitioner may not lawfully give it; `reasons` says why not. `in_leave`: its practitioner is
    away; `away` says when. `room_closed`: its room or a device of its is closed, `site_closed`: its site is; `closed`
    says which and when. A stretch has the `name` of whom or what, the `first` and the `last` day (null: for good),
    `from` and `to` where it begins or ends within a day, and a `reason`, which for leave is not told. `outside_hours`:
    the published hours do not hold it; `name` says whose, `hours` are those of the day, each with `from` and `to`, and
    `ends_by` is when it must end because the site closes, where that is why. `clock_changed`: it is not at the time
    that its patient was told, `promised` by the clock of `zone`, and cannot be moved there; `code` and `reason` say why
    not. `unsuited`: the treatment is meant for patients who are `suits`, and this one is not. More kinds may come.
    """

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
