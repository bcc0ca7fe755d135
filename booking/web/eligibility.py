"""When somebody may give a treatment, day by day: asked at the desk, and by practitioners about themselves."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

from litestar import get
from litestar.di import NamedDependency
from litestar.response import Response

from booking.domain.errors import InvalidInput
from booking.domain.ids import PractitionerId
from booking.domain.permission import Action, Caller, reach_of
from booking.domain.practitioner import Practitioner
from booking.domain.site import Site
from booking.domain.time.zone import local_date
from booking.domain.treatment import TreatmentType
from booking.http.access import Access
from booking.http.context import Context
from booking.http.visitors import Visitor
from booking.usecases.types import Transaction
from booking.usecases.views.catalogue import Catalogue, catalogue
from booking.usecases.views.eligibility_now import whereabouts
from booking.usecases.views.eligibility_period import Period, PeriodQuery, explain_period
from booking.web.choices import named, only, plainest, without_empty
from booking.web.desk import at_desk
from booking.web.forms import Form, day
from booking.web.frame import PageRequest, at_work, staff_frame
from booking.web.me import own
from booking.web.rendering import page
from booking.web.timebar import Bar, bar

DESK, MINE = "/desk/eligibility", "/me/eligibility"
DESK_TAB, MY_TAB = "Who may needle?", "My credentials"
AHEAD = timedelta(days=364)
"""So many days after the first one the last one is, unless another is asked for: a year in all."""

_FIELDS = {"from": "first", "to": "last"}


@dataclass(frozen=True, kw_only=True)
class Question:
    """What the form asks, filled in as far as nothing else is said; `regions` are those ticked, none stands for all."""

    catalogue: Catalogue
    practitioner: Practitioner | None
    treatment: TreatmentType | None
    site: Site | None
    regions: frozenset[str]
    first: date | None
    last: date | None

    @property
    def query(self) -> PeriodQuery | None:
        """None while something is missing."""
        if self.practitioner is None or self.treatment is None or self.site is None:
            return None
        if self.first is None or self.last is None:
            return None
        return PeriodQuery(
            treatment_type=self.treatment.id,
            practitioner=self.practitioner.id,
            site=self.site.id,
            first=self.first,
            last=self.last,
            regions=self.regions or None,
        )


@dataclass(frozen=True, kw_only=True)
class _Board:
    question: Question
    form: Form
    found: Period | None
    bar: Bar | None
    today: date


@get(DESK, opt={"access": Access.STAFF})
async def ask(
    request: PageRequest, context: NamedDependency[Context], visitor: NamedDependency[Visitor]
) -> Response[str]:
    return await _page(request, context, visitor, at_desk(request, visitor))


@get(MINE, opt={"access": Access.STAFF})
async def ask_for_myself(
    request: PageRequest, context: NamedDependency[Context], visitor: NamedDependency[Visitor]
) -> Response[str]:
    caller = at_work(request, visitor)
    return await _page(request, context, visitor, caller, own(caller))


async def _page(
    request: PageRequest, context: Context, visitor: Visitor, caller: Caller, mine: PractitionerId | None = None
) -> Response[str]:
    frame = await staff_frame(request, context, visitor, DESK_TAB if mine is None else MY_TAB)
    query = request.query_params
    board = await context.database.read(_board, caller, dict(query), query.getall("region", []), mine)
    return page(
        "eligibility.html",
        frame,
        status=400 if board.form.wrong else 200,
        form=board.form,
        question=board.question,
        found=board.found,
        bar=board.bar,
        today=board.today,
        mine=mine is not None,
        base=DESK if mine is None else MINE,
        sees_credentials=reach_of(caller, Action.MANAGE_CREDENTIALS) is not None,
    )


def _board(
    tx: Transaction, caller: Caller, typed: dict[str, str], regions: Collection[str], mine: PractitionerId | None
) -> _Board:
    found, now = catalogue(tx, caller), tx.now()
    practitioner = named(found.practitioners, typed.get("practitioner", ""), mine)
    treatment = plainest(found.treatment_types)
    site = whereabouts(tx, caller, practitioner.id).site if practitioner else only(found.sites)
    today = local_date(now, site.zone if site else found.clinic.zone)
    usual = {
        "treatment": treatment.slug if treatment else "",
        "site": site.slug if site else "",
        "first": today.isoformat(),
        "last": (today + AHEAD).isoformat(),
    }
    form = Form(values=usual | without_empty(typed, "site"))
    question = _question(found, form, practitioner, regions, asked=bool(typed) or mine is not None)
    answer = None if form.wrong else _answer(tx, caller, question, form)
    drawn = None if answer is None else bar(answer.stretches, answer.site.zone, now)
    return _Board(question=question, form=form, found=answer, bar=drawn, today=today)


def _question(
    found: Catalogue, form: Form, practitioner: Practitioner | None, regions: Collection[str], *, asked: bool
) -> Question:
    """What is missing or wrong is noted in the form, once anything is asked at all."""
    treatment = named(found.treatment_types, form.typed("treatment"))
    site = named(found.sites, form.typed("site"))
    first, last = day(form, "first", "the first day"), day(form, "last", "the last day")
    missing = {
        "practitioner": (practitioner, "Choose a practitioner."),
        "treatment": (treatment, "Choose a treatment."),
        "site": (site or practitioner is None, "Choose a site."),
        "first": (first, "Enter the first day."),
        "last": (last, "Enter the last day."),
    }
    for field, (one, sentence) in missing.items():
        if asked and not one:
            form.wrong.setdefault(field, sentence)
    return Question(
        catalogue=found,
        practitioner=practitioner,
        treatment=treatment,
        site=site,
        regions=frozenset(regions) & treatment.regions if treatment else frozenset(),
        first=first,
        last=last,
    )


def _answer(tx: Transaction, caller: Caller, question: Question, form: Form) -> Period | None:
    if question.query is None:
        return None
    try:
        return explain_period(tx, caller, question.query)
    except InvalidInput as refusal:
        form.wrong[_FIELDS[str(refusal.details["field"])]] = refusal.message
        return None


HANDLERS = [ask, ask_for_myself]
