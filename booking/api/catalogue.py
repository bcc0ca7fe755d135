"""What a clinic offers, where, and who works there."""

from uuid import UUID

from litestar import get
from litestar.di import NamedDependency

from booking.api.fields import Answer
from booking.api.operations import open_to
from booking.domain.permission import Caller
from booking.http.access import Access
from booking.http.context import Context
from booking.usecases.views.catalogue import catalogue


class TreatmentTypeAnswer(Answer):
    """`price` is in the smallest unit of `currency`; both are null where no price is published.

    What is booked `on_request` waits until the clinic accepts it.
    `suits` says for whom it is meant: `all`, `new` for a first visit, or `returning` for whoever has been there before.
    """

    id: UUID
    slug: str
    name: str
    description: str
    minutes: int
    regions: list[str]
    suits: str
    online: bool
    on_request: bool
    price: int | None
    currency: str | None


class TreatmentTypes(Answer):
    treatment_types: list[TreatmentTypeAnswer]


class PractitionerAnswer(Answer):
    id: UUID
    slug: str
    name: str
    profession: str


class Practitioners(Answer):
    practitioners: list[PractitionerAnswer]


class SiteAnswer(Answer):
    """`zone` is the time zone whose clock hangs on the wall there."""

    id: UUID
    slug: str
    name: str
    address: str
    zone: str


class Sites(Answer):
    sites: list[SiteAnswer]


@get("/treatment-types", operation_id="listTreatmentTypes", summary="What can be booked", opt=open_to(Access.PUBLIC))
async def list_treatment_types(context: NamedDependency[Context], caller: NamedDependency[Caller]) -> TreatmentTypes:
    found = await context.database.read(catalogue, caller)
    return TreatmentTypes(
        treatment_types=[
            TreatmentTypeAnswer(
                id=one.id,
                slug=one.slug,
                name=one.name,
                description=one.description,
                minutes=one.minutes,
                regions=sorted(one.regions),
                suits=one.suits.value,
                online=one.online,
                on_request=one.on_request,
                price=one.price,
                currency=one.currency,
            )
            for one in found.treatment_types
        ]
    )


@get("/practitioners", operation_id="listPractitioners", summary="Who treats", opt=open_to(Access.PUBLIC))
async def list_practitioners(context: NamedDependency[Context], caller: NamedDependency[Caller]) -> Practitioners:
    found = await context.database.read(catalogue, caller)
    return Practitioners(
        practitioners=[
            PractitionerAnswer(id=one.id, slug=one.slug, name=one.name, profession=one.profession)
            for one in found.practitioners
        ]
    )


@get("/sites", operation_id="listSites", summary="Where treatment happens", opt=open_to(Access.PUBLIC))
async def list_sites(context: NamedDependency[Context], caller: NamedDependency[Caller]) -> Sites:
    found = await context.database.read(catalogue, caller)
    return Sites(
        sites=[
            SiteAnswer(id=one.id, slug=one.slug, name=one.name, address=one.address, zone=one.zone)
            for one in found.sites
        ]
    )
