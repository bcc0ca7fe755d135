"""How a visit stands, in plain words for its patient."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from booking.domain.appointment import Appointment
from booking.domain.lifecycle import Status

Kind = Literal["asked", "booked", "here", "off", "over"]


@dataclass(frozen=True, kw_only=True)
class Standing:
    """`kind` is what can still become of it: a request, a visit ahead, one that is going on, none, one that was."""

    kind: Kind
    title: str
    sentence: str = ""


_REQUESTED = Standing(
    kind="asked",
    title="Requested",
    sentence="We will tell you once it is accepted. Until then we keep this time for you.",
)
_UNANSWERED = Standing(kind="over", title="This request was not answered", sentence="Please call us.")
_BOOKED = Standing(kind="booked", title="Booked")
_OVER = Standing(kind="over", title="This appointment is over")
_DECLINED = Standing(
    kind="off", title="We could not accept your request", sentence="Please choose another time, or call us."
)
_FIXED = {
    Status.ARRIVED: Standing(kind="here", title="You are here", sentence="Please take a seat. We will call you."),
    Status.IN_TREATMENT: Standing(kind="here", title="Your treatment has begun"),
    Status.FULFILLED: Standing(kind="over", title="This appointment is over", sentence="Thank you for coming."),
    Status.CANCELLED: Standing(kind="off", title="This appointment was cancelled"),
    Status.NO_SHOW: Standing(
        kind="over", title="We missed you", sentence="As far as we know you did not come. Please call us if you did."
    ),
    Status.ENTERED_IN_ERROR: Standing(
        kind="over",
        title="This appointment does not take place",
        sentence="It was entered by mistake. Please call us if you expected it.",
    ),
}


def standing(visit: Appointment, now: datetime, *, declined: bool = False) -> Standing:
    """`declined` is of a cancelled visit that was a request which the clinic has not accepted."""
    if visit.status is Status.REQUESTED:
        return _REQUESTED if now < visit.span.start else _UNANSWERED
    if visit.status is Status.BOOKED:
        return _BOOKED if now < visit.span.end else _OVER
    if visit.status is Status.CANCELLED and declined:
        return _DECLINED
    return _FIXED[visit.status]
