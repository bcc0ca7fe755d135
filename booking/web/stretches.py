"""Absences as pages show them, and the part of a form that says when one is."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from booking.domain.permission import Caller
from booking.domain.site import Site
from booking.domain.time.local import LocalSpan
from booking.usecases.types import Absence, RecordedClosure, Transaction
from booking.usecases.views.absences import AbsenceList, AbsenceView, ClosureView
from booking.usecases.views.appointments import AppointmentView
from booking.usecases.views.findings import list_found_visits
from booking.web.forms import Form, clock, day, line
from booking.wording.absences import when

LONGEST_REASON = 200
HOLIDAYS_SHOWN = 366
_MIDNIGHT = 24 * 60


@dataclass(frozen=True, kw_only=True)
class Row:
    """An absence, or a closure, in a list; `url` is where it is taken back."""

    id: UUID
    name: str
    aside: str
    when: str
    reason: str
    is_from_file: bool
    url: str


@dataclass(frozen=True, kw_only=True)
class Entered:
    """What was just entered, and the booked visits that it does not let take place."""

    row: Row
    visits: tuple[AppointmentView, ...]


@dataclass(frozen=True, kw_only=True)
class Holidays:
    """The days on which a site is closed because they are holidays."""

    site: Site
    days: tuple[tuple[date, str], ...]


def stretch(form: Form) -> LocalSpan | None:
    """When it is, and None when something is wrong with it, each with its sentence."""
    first, last = day(form, "first", "the first day"), day(form, "last", "the last day")
    start, end = clock(form, "from", "the time it begins"), clock(form, "to", "the time it ends")
    if first is None:
        form.wrong.setdefault("first", "Enter the first day.")
    if first is None or form.wrong:
        return None
    return LocalSpan(
        first=first,
        last=last or first,
        start_minute=start,
        end_minute=_MIDNIGHT if end == 0 else end,  # who types midnight means the one to come
    )


def reason(form: Form) -> str:
    return line(form, "reason", "a reason", longest=LONGEST_REASON, required=False)


def row_of_absence(view: AbsenceView, base: str) -> Row:
    """A line of a list, on pages whose addresses begin with `base`."""
    site = view.site.name if view.site else ""
    return _row(view.absence, view.whose.name, site, f"{base}/{view.absence.id}/remove")


def row_of_closure(view: ClosureView, base: str) -> Row:
    """The same, for a closure."""
    return _row(
        view.closure, view.site.name if view.site else "All sites", "", f"{base}/closures/{view.closure.id}/remove"
    )


def _row(one: Absence | RecordedClosure, name: str, aside: str, url: str) -> Row:
    return Row(
        id=one.id,
        name=name,
        aside=aside,
        when=when(one.days),
        reason=one.reason,
        is_from_file=one.origin == "file",
        url=url,
    )


def entered(tx: Transaction, caller: Caller, found: AbsenceList, which: str, base: str) -> Entered | None:
    """What has the id `which`, if it is in the list."""
    for absence in found.absences:
        if str(absence.absence.id) == which:
            return _entered(tx, caller, absence, row_of_absence(absence, base))
    for closure in found.closures:
        if str(closure.closure.id) == which:
            return _entered(tx, caller, closure, row_of_closure(closure, base))
    return None


def _entered(tx: Transaction, caller: Caller, view: AbsenceView | ClosureView, row: Row) -> Entered:
    concerned = (one.view for one in list_found_visits(tx, caller) if view.meets(one.view.appointment))
    return Entered(row=row, visits=tuple(concerned))


def holidays(sites: Iterable[Site], today: date) -> list[Holidays]:
    """Those to come within a year, of the sites that go by any."""
    coming = [today + timedelta(days=offset) for offset in range(HOLIDAYS_SHOWN)]
    return [
        Holidays(site=site, days=tuple((one, name) for one in coming if (name := site.holidays.name_on(one))))
        for site in sites
        if site.holidays
    ]
