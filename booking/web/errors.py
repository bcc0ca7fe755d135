"""Refusals and faults as pages: a sentence, and a way on."""

from dataclasses import dataclass

from litestar.response import Redirect, Response

from booking.domain.errors import BookingError, NotPermitted, Unauthenticated
from booking.http.problems import Problem, problem_of
from booking.web.frame import Frame, PageRequest, bare_frame
from booking.web.rendering import page
from booking.wording import refusals

_OLD_FORM = (
    "The page was open for too long, or your browser keeps no cookies. Go back, load the page again, and try once more."
)


@dataclass(frozen=True, kw_only=True)
class Said:
    """A refusal as a page says it; `sentence` may be empty."""

    title: str
    sentence: str


@dataclass(frozen=True, kw_only=True)
class Onward:
    url: str
    words: str


def respond(request: PageRequest, error: Exception) -> Response[str]:
    """The page of an error; whoever must sign in is led there."""
    if isinstance(error, Unauthenticated):
        return Redirect("/sign-in", status_code=303)
    problem = problem_of(error)
    frame = bare_frame(request)
    answer = page(
        "error.html", frame, status=problem.status, problem=_said(error, problem), onward=_onward(frame, error)
    )
    answer.headers.update(problem.headers)
    return answer


def said(refusal: BookingError) -> Said:
    return Said(title=refusals.title(refusal.code), sentence=refusals.explained(refusal))


def _said(error: Exception, problem: Problem) -> Said:
    if isinstance(error, NotPermitted) and error.details.get("action") == "foreign form":
        return Said(title="Please send that again", sentence=_OLD_FORM)
    if isinstance(error, BookingError):
        return said(error)
    return Said(title=refusals.title(problem.code), sentence=refusals.sentence(problem.code))


def _onward(frame: Frame, error: Exception) -> Onward:
    if getattr(error, "code", "") == "hold-expired":
        return Onward(url=frame.start, words="Choose a time again")
    return Onward(url=frame.start, words="Go to the start page")
