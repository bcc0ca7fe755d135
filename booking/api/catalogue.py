"""What a clinic offers, where, and who works there."""

from uuid import UUID

from litestar import get
from litestar.di import NamedDependency
from msgspec import Struct

from booking.domain.permission import Caller
from booking.http.access import Access
from booking.http.context import Context
from booking.usecases.views.catalogue import catalogue


class TreatmentTypeAnswer(Struct, kw_only=True):
    """`price` is in the smallest unit of `currency`; both are null where no price is published."""

    id: UUID
    slug: str
    name: str
    description: str
    minutes: int
    regions: list[str]
    online: bool
    price: int | None
    currency: str | None


class TreatmentTypes(Struct, kw_only=True):
    treatment_types: list[TreatmentTypeAnswer]


class PractitionerAnswer(Struct, kw_only=True):
    id: UUID
    slug: str
    name: str
    profession: str


class Practitioners(Struct, kw_only=True):
    practitioners: list[PractitionerAnswer]


class SiteAnswer(Struct, kw_only=True):
    """`zone` is the time zone whose clock hangs on the wall there."""

    id: UUID
    slug: str
    name: str
    address: str
    zone: str


class Sites(Struct, kw_only=True):
    sites: list[SiteAnswer]


@get("/treatment-types", operation_id="listTreatmentTypes", summary="What can be booked", opt={"access": Access.PUBLIC})
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
                online=one.online,
                price=one.price,
                currency=one.currency,
            )
            for one in found.treatment_types
        ]
    )


@get("/practitioners", operation_id="listPractitioners", summary="Who treats", opt={"access": Access.PUBLIC})
async def list_practitioners(context: NamedDependency[Context], caller: NamedDependency[Caller]) -> Practitioners:
    found = await context.database.read(catalogue, caller)
    return Practitioners(
        practitioners=[
            PractitionerAnswer(id=one.id, slug=one.slug, name=one.name, profession=one.profession)
            for one in found.practitioners
        ]
    )


@get("/sites", operation_id="listSites", summary="Where treatment happens", opt={"access": Access.PUBLIC})
async def list_sites(context: NamedDependency[Context], caller: NamedDependency[Caller]) -> Sites:
    found = await context.database.read(catalogue, caller)
    return Sites(
        sites=[
            SiteAnswer(id=one.id, slug=one.slug, name=one.name, address=one.address, zone=one.zone)
            for one in found.sites
        ]
    )
