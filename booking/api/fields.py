"""The types of which bodies and queries are made. Each says in the schema what it accepts."""

from datetime import timedelta
from typing import Annotated

from litestar.params import QueryParameter
from msgspec import Meta, Struct

from booking.domain.treatment import LONGEST_CLAIM, TICK_MINUTES
from booking.http.fields import CLOCK, DAY, EMAIL, INSTANT, LINE, LONGEST_EMAIL, LONGEST_NAME, PHONE
from booking.usecases.notes import LONGEST_NOTE, NOTE


class Body(Struct, kw_only=True, forbid_unknown_fields=True):
    """What a client sends: a field that is not described is refused."""


class Answer(Struct, kw_only=True):
    """What a client gets. Fields may be added; none is taken away or changes its meaning."""


_DATE = {"format": "date"}
A_DAY = {"format": "date", "pattern": DAY}  # checked by booking.http.fields, which knows the name in the query
_DATE_TIME = {"format": "date-time"}

Line = Annotated[str, Meta(max_length=200, pattern=LINE)]
Words = Annotated[str, Meta(min_length=1, max_length=500, pattern=LINE)]
Note = Annotated[str, Meta(min_length=1, max_length=LONGEST_NOTE, pattern=NOTE)]
Name = Annotated[str, Meta(min_length=1, max_length=LONGEST_NAME, pattern=LINE)]
Email = Annotated[str, Meta(max_length=LONGEST_EMAIL, pattern=EMAIL)]
Phone = Annotated[str, Meta(max_length=31, pattern=PHONE)]
Login = Annotated[str, Meta(min_length=1, max_length=100, pattern=LINE)]
Password = Annotated[str, Meta(min_length=1, max_length=200)]
RANDOM = r"^[A-Za-z0-9_-]{22,128}$(?!\n)"
"""What was drawn at random and proves whose something is."""

Secret = Annotated[str, Meta(pattern=RANDOM, max_length=128)]
Word = Annotated[str, Meta(min_length=1, max_length=40, pattern=r"^[a-z_]+$(?!\n)")]
Regions = Annotated[list[Word], Meta(max_length=40)]
Minutes = Annotated[int, Meta(ge=TICK_MINUTES, le=LONGEST_CLAIM // timedelta(minutes=1), multiple_of=TICK_MINUTES)]
Version = Annotated[int, Meta(ge=1, le=2**31 - 1)]

InstantText = Annotated[str, Meta(pattern=INSTANT, max_length=40, extra_json_schema=_DATE_TIME)]
"""An instant that is sent: RFC 3339 with its offset."""

DayText = Annotated[str, Meta(pattern=DAY, max_length=10, extra_json_schema=_DATE)]

ClockText = Annotated[str, Meta(pattern=CLOCK, max_length=5)]
"""A time of day that is sent, such as 09:30; 24:00 is the midnight at which the day ends."""

Instant = Annotated[str, Meta(extra_json_schema=_DATE_TIME)]
"""An instant that is answered, with the offset of the site's clock."""

Day = Annotated[str, Meta(extra_json_schema=_DATE)]

FirstDay = Annotated[
    str, QueryParameter(name="from", schema_extra=A_DAY, description="The first day, by the clock of each site.")
]
LastDay = Annotated[str, QueryParameter(name="to", schema_extra=A_DAY, description="The last day, which is included.")]
