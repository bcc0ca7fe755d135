"""May I also needle this now? All regions of the body at one glance, for practitioners and, at the desk, about them."""

from collections.abc import Iterator
from dataclasses import dataclass

from litestar import get
from litestar.di import NamedDependency
from litestar.response import Response

from booking.domain.appointment import Appointment
from booking.domain.eligibility import Reason
from booking.domain.ids import PractitionerId
from booking.domain.permission import Caller
from booking.domain.practitioner import Practitioner
from booking.domain.site import Site
from booking.domain.treatment import TreatmentType
from booking.domain.words import REGIONS, TECHNIQUES
from booking.http.access import Access
from booking.http.context import Context
from booking.http.visitors import Visitor
from booking.usecases.types import Transaction
from booking.usecases.views.catalogue import Catalogue, catalogue
from booking.usecases.views.eligibility_now import (
    MayNeedle,
    NowQuery,
    Whereabouts,
    may_needle,
    whereabouts,
)
from booking.web.choices import named, only, plainest, without_empty
from booking.web.desk import at_desk
from booking.web.eligibility import DESK_TAB
from booking.web.forms import Form
from booking.web.frame import PageRequest, at_work, staff_frame
from booking.web.me import own
from booking.web.rendering import page
from booking.wording import body

DESK, MINE = "/desk/now", "/me/now"
TAB = "May I needle?"


@dataclass(frozen=True, kw_only=True)
class Choices:
    """What the form shows: the treatments with needles, and what is chosen of each list."""

    catalogue: Catalogue
    treatments: tuple[TreatmentType, ...]
    techniques: tuple[str, ...]
    practitioner: Practitioner | None
    treatment: TreatmentType | None
    site: Site | None
    under_way: Appointment | None


@dataclass(frozen=True, kw_only=True)
class _Board:
    choices: Choices
    form: Form
    found: MayNeedle | None


@get(MINE, opt={"access": Access.STAFF})
async def mine(
    request: PageRequest, context: NamedDependency[Context], visitor: NamedDependency[Visitor]
) -> Response[str]:
    caller = at_work(request, visitor)
    return await _page(request, context, visitor, caller, own(caller))


@get(DESK, opt={"access": Access.STAFF})
async def of_somebody(
    request: PageRequest, context: NamedDependency[Context], visitor: NamedDependency[Visitor]
) -> Response[str]:
    return await _page(request, context, visitor, at_desk(request, visitor))


async def _page(
    request: PageRequest, context: Context, visitor: Visitor, caller: Caller, me: PractitionerId | None = None
) -> Response[str]:
    frame = await staff_frame(request, context, visitor, DESK_TAB if me is None else TAB)
    board = await context.database.read(_board, caller, dict(request.query_params), me)
    return page(
        "needling.html",
        frame,
        status=400 if board.form.wrong else 200,
        form=board.form,
        choices=board.choices,
        found=board.found,
        everywhere=_everywhere(board.found) if board.found else (),
        all_regions=len(REGIONS),
        mine=me is not None,
        base=DESK if me is None else MINE,
    )


def _board(tx: Transaction, caller: Caller, typed: dict[str, str], me: PractitionerId | None) -> _Board:
    found = catalogue(tx, caller)
    who = named(found.practitioners, typed.get("practitioner", ""), me)
    here = whereabouts(tx, caller, who.id) if who else Whereabouts(site=None, under_way=None)
    treatments = tuple(one for one in found.treatment_types if one.techniques)
    form = Form(values=_usual(found, treatments, here) | without_empty(typed, "site"))
    choices = Choices(
        catalogue=found,
        treatments=treatments,
        techniques=tuple(sorted(TECHNIQUES, key=body.technique)),
        practitioner=who,
        treatment=named(treatments, form.typed("treatment")),
        site=named(found.sites, form.typed("site")),
        under_way=here.under_way,
    )
    if typed or me is not None:
        form.wrong.update(_missing(choices, form.typed("technique")))
    query = None if form.wrong else _query(choices, form.typed("technique"))
    return _Board(choices=choices, form=form, found=None if query is None else may_needle(tx, caller, query))


def _usual(found: Catalogue, treatments: tuple[TreatmentType, ...], here: Whereabouts) -> dict[str, str]:
    """What is chosen until somebody chooses: what goes on now, else the first of each list."""
    now = here.under_way.agreed.treatment_type_id if here.under_way else None
    treatment = next((one for one in treatments if one.id == now), plainest(treatments))
    site = here.site or only(found.sites)
    return {"treatment": treatment.slug if treatment else "", "site": site.slug if site else ""}


def _missing(choices: Choices, technique: str) -> Iterator[tuple[str, str]]:
    if choices.practitioner is None:
        yield "practitioner", "Choose a practitioner."
    elif choices.site is None:
        yield "site", "Choose a site."
    if choices.treatment is None:
        yield "treatment", "Choose a treatment." if choices.treatments else "No treatment here uses needles."
    if technique and technique not in TECHNIQUES:
        yield "technique", "Choose a technique."


def _query(choices: Choices, technique: str) -> NowQuery | None:
    who, treatment, site, visit = choices.practitioner, choices.treatment, choices.site, choices.under_way
    if who is None or treatment is None or site is None:
        return None
    return NowQuery(
        treatment_type=treatment.id,
        practitioner=who.id,
        site=site.id,
        techniques=frozenset({technique}) if technique else None,
        besides=visit.agreed.regions if visit and visit.site_id == site.id else frozenset(),
    )


def _everywhere(found: MayNeedle) -> tuple[Reason, ...]:
    """What refuses every region with the same words; nothing where they differ, or some region is allowed."""
    told = {one.reasons for part in found.parts for one in part.answers}
    return told.pop() if len(told) == 1 else ()


HANDLERS = [mine, of_somebody]
