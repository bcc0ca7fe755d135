"""The desk asks why a time is not offered."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from urllib.parse import urlencode

from litestar import get
from litestar.di import NamedDependency
from litestar.response import Response

from booking.domain.permission import Action, Caller, reach_of
from booking.domain.practitioner import Practitioner
from booking.domain.site import Site
from booking.domain.time.zone import instants, local_date
from booking.domain.treatment import TreatmentType
from booking.http.access import Access
from booking.http.context import Context
from booking.http.visitors import Visitor
from booking.usecases.placing import Wanted
from booking.usecases.types import Transaction
from booking.usecases.views.catalogue import Catalogue, catalogue
from booking.usecases.views.why_not import Explained, WhyNot, explain_slot
from booking.web.desk import at_desk
from booking.web.forms import Form, clock, day
from booking.web.frame import PageRequest, staff_frame
from booking.web.rendering import page
from booking.wording import obstacles

TAB = "Why not?"


@dataclass(frozen=True, kw_only=True)
class Question:
    """What the form asks: `regions` are those that are ticked, of the treatment's own; none stands for all.

    Where the time comes twice that day, there are two `starts`, and the later one is meant when it says `second`.
    """

    catalogue: Catalogue
    treatment: TreatmentType | None
    site: Site | None
    practitioner: Practitioner | None
    regions: frozenset[str]
    starts: tuple[datetime, ...]
    second: bool

    @property
    def wanted(self) -> Wanted | None:
        """None while something is missing."""
        if self.treatment is None or self.site is None or not self.starts:
            return None
        return Wanted(
            treatment_type=self.treatment.id,
            site=self.site.id,
            start=self.starts[-1 if self.second else 0],
            practitioner=None if self.practitioner is None else self.practitioner.id,
            regions=self.regions or None,
        )


@dataclass(frozen=True, kw_only=True)
class _Board:
    question: Question
    found: Explained | None
    today: date


@get("/desk/why", opt={"access": Access.STAFF})
async def ask(
    request: PageRequest, context: NamedDependency[Context], visitor: NamedDependency[Visitor]
) -> Response[str]:
    caller, query = at_desk(request, visitor), request.query_params
    frame = await staff_frame(request, context, visitor, TAB)
    form = Form(values=dict(query))
    board = await context.database.read(_board, caller, form, query.getall("region", []))
    said = [pair for pair in query.multi_items() if pair[0] != "second"]
    return page(
        "why_not.html",
        frame,
        status=400 if form.wrong else 200,
        form=form,
        question=board.question,
        found=board.found,
        today=board.today,
        shown=board.question.treatment or next(iter(board.question.catalogue.treatment_types), None),
        first_url=f"/desk/why?{urlencode(said)}",
        second_url=f"/desk/why?{urlencode([*said, ('second', '1')])}",
        sees_credentials=reach_of(caller, Action.MANAGE_CREDENTIALS) is not None,
        obstacles=obstacles,
    )


def _board(tx: Transaction, caller: Caller, form: Form, regions: Collection[str]) -> _Board:
    question = _question(catalogue(tx, caller), form, regions)
    wanted = question.wanted
    zone = question.site.zone if question.site else question.catalogue.clinic.zone
    return _Board(
        question=question,
        found=None if wanted is None or form.wrong else explain_slot(tx, caller, WhyNot(wanted=wanted)),
        today=local_date(tx.now(), zone),
    )


def _question(found: Catalogue, form: Form, regions: Collection[str]) -> Question:
    """What is missing or wrong is noted in the form, once anything is asked at all."""
    treatment = next((one for one in found.treatment_types if one.slug == form.typed("treatment")), None)
    site = next((one for one in found.sites if form.typed("site") == one.slug or len(found.sites) == 1), None)
    practitioner = next((one for one in found.practitioners if one.slug == form.typed("practitioner")), None)
    if form.values:
        if treatment is None:
            form.wrong["treatment"] = "Choose a treatment."
        if site is None:
            form.wrong["site"] = "Choose a site."
        if practitioner is None and form.typed("practitioner"):
            form.wrong["practitioner"] = "Choose a practitioner, or anybody."
    return Question(
        catalogue=found,
        treatment=treatment,
        site=site,
        practitioner=practitioner,
        regions=frozenset(regions) & treatment.regions if treatment else frozenset(),
        starts=_starts(form, site) if form.values else (),
        second=form.typed("second") == "1",
    )


def _starts(form: Form, site: Site | None) -> tuple[datetime, ...]:
    """The instants at which the clock of the site shows that time on that day."""
    on, minute = day(form, "date", "the day"), clock(form, "time", "the time")
    if on is None:
        form.wrong.setdefault("date", "Enter the day.")
    if minute is None:
        form.wrong.setdefault("time", "Enter the time.")
    if on is None or minute is None or site is None:
        return ()
    found = instants(datetime.combine(on, time()) + timedelta(minutes=minute), site.zone)
    if not found:
        form.wrong["time"] = "The clock skips that time on that day."
    return found


HANDLERS = [ask]
