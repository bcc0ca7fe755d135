"""What the forms of the desk share: choices by name, lengths, times, and that what is sent twice is done once."""

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from typing import Any

from booking.domain.errors import BookingError, NotOffered, OutsideHours, PractitionerNotEligible, SlotTaken
from booking.domain.permission import Caller
from booking.domain.time.zone import ZoneName, instants, wall_time
from booking.domain.treatment import TICK_MINUTES
from booking.http.context import Context
from booking.http.cookies import SESSION, read_cookie
from booking.http.tokens import new_secret
from booking.usecases.types import RequestKey
from booking.usecases.views.catalogue import Catalogue
from booking.web.choices import Some, named, only
from booking.web.errors import Said
from booking.web.forms import Form, clock, day, own_form, read_instant
from booking.web.frame import PageRequest
from booking.web.searching import Choice
from booking.wording import refusals

OF_TIME = (SlotTaken, OutsideHours, NotOffered, PractitionerNotEligible)
"""The refusals after which another time may do."""


@dataclass(frozen=True, kw_only=True)
class Refused:
    """A refusal as the desk sees it: with what the law misses, and the nearest times that are free."""

    said: Said
    reasons: tuple[Any, ...] = ()
    choices: tuple[Choice, ...] = ()


def refused(refusal: BookingError, choices: Iterable[Choice] = (), *, anyone: bool = False) -> Refused:
    """`anyone` says that nobody was named, so that what speaks against one of them alone is not the answer."""
    told = Said(title=refusals.title_at_the_desk(refusal.code), sentence=refusals.explained(refusal))
    if anyone and isinstance(refusal, SlotTaken | OutsideHours):
        told = Said(title="Nobody is free then", sentence="Nobody who may give it is there at that time, and free.")
    return Refused(said=told, reasons=tuple(refusal.details.get("reasons", ())), choices=tuple(choices))


async def desk_form(request: PageRequest, context: Context) -> Form:
    """The form, sent from the desk. Raises as `own_form` does."""
    return await own_form(request, context, read_cookie(request, context.settings, SESSION))


def once_only(form: Form) -> Form:
    """The form with a mark by which it is known when it is sent again."""
    return replace(form, values={**form.values, "once": new_secret()})


def request_key(caller: Caller, form: Form) -> RequestKey | None:
    """Whoever presses a button twice means it once; whoever changes anything in between means something else."""
    mark = form.typed("once")
    if not re.fullmatch(r"[\w-]{22,128}", mark):
        return None
    sent = hashlib.sha256(repr(sorted(form.values.items())).encode("utf-8", "surrogatepass")).hexdigest()
    return RequestKey(identity=f"staff {caller.staff_id}", key=f"page:{sent}", digest=sent)


def picked(form: Form, name: str, several: Iterable[Some], sentence: str) -> Some | None:
    """The one that was chosen; where there is none, the sentence is noted in the form."""
    found = named(several, form.typed(name))
    if found is None:
        form.wrong[name] = sentence
    return found


def picked_or_any(form: Form, name: str, several: Iterable[Some], sentence: str) -> Some | None:
    """The same where nothing chosen stands for anyone."""
    return picked(form, name, several, sentence) if form.typed(name) else None


def minutes(form: Form, name: str, label: str, *, required: bool = True) -> int | None:
    """A length in minutes; None when it may be left empty, or something is wrong with it."""
    text = form.typed(name).strip()
    if not text and not required:
        return None
    found = int(text) if re.fullmatch(r"[0-9]{1,3}", text) else 0
    if not found or found % TICK_MINUTES:
        form.wrong[name] = f"Enter {label} in minutes, a multiple of {TICK_MINUTES}."
        return None
    return found


def start_at(form: Form, zone: ZoneName) -> datetime | None:
    """The instant of the fields `day` and `time` by this clock, of two the first; what is wrong is noted."""
    when, minute = day(form, "day", "the day"), clock(form, "time", "the time")
    for name, value in (("day", when), ("time", minute)):
        if value is None and not form.said(name):
            form.wrong[name] = f"Enter the {name}."
    if when is None or minute is None:
        return None
    found = instants(datetime.combine(when, time()) + timedelta(minutes=minute), zone)
    if not found:
        form.wrong["time"] = "The clock skips that time on that day."
        return None
    return found[0]


def with_choice(form: Form, zone: ZoneName) -> Form:
    """The form with the time and the practitioner of the button that was pressed, if it was one with a time."""
    who, _, start = form.typed("choice").partition(" ")
    if not start:
        return form
    wall = wall_time(read_instant(start), zone)
    values = {"practitioner": who, "day": f"{wall:%Y-%m-%d}", "time": f"{wall:%H:%M}", "choice": ""}
    return replace(form, values={**form.values, **values})


def zone_of(found: Catalogue, form: Form) -> ZoneName:
    """The clock of the site that is chosen, or of the only one; else the clinic's."""
    site = only(found.sites) or named(found.sites, form.typed("site"))
    return site.zone if site else found.clinic.zone
