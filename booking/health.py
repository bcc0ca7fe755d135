"""Whether the program lives, and whether it can work."""

import asyncio

from litestar import Router, get
from litestar.di import NamedDependency
from litestar.response import Response
from msgspec import Struct

from booking import __version__
from booking.domain.errors import BookingError
from booking.domain.time.zone import tzdata_version
from booking.http.access import Access
from booking.http.context import Context
from booking.store.schema import ensure_servable
from booking.usecases.types import Database, Transaction


class Health(Struct, kw_only=True):
    """`status` is `ok` or `unavailable`; `tzdata` is the release of the time zone database in use."""

    status: str
    version: str = __version__
    tzdata: str = ""


@get("/health/live", opt={"access": Access.HEALTH}, include_in_schema=False, sync_to_thread=False)
def live() -> Health:
    return Health(status="ok")


@get("/health/ready", opt={"access": Access.HEALTH}, include_in_schema=False)
async def ready(context: NamedDependency[Context]) -> Response[Health]:
    """200 when the database answers and is the one this program needs, else 503."""
    able = await _is_able(context.database)
    health = Health(status="ok" if able else "unavailable", tzdata=tzdata_version())
    return Response(health, status_code=200 if able else 503)


async def _is_able(database: Database) -> bool:
    try:
        await database.read(Transaction.now)
        await asyncio.to_thread(ensure_servable, database)
    except BookingError:
        return False
    return True


router = Router(path="/", route_handlers=[live, ready])
