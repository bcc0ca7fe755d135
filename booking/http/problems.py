"""How a refusal is said over HTTP: problem details (RFC 9457) with the refusal's stable code."""

import logging
import traceback
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec
from litestar.connection import Request
from litestar.exceptions import HTTPException, ValidationException
from litestar.response import Response

from booking.domain.errors import BookingError, InvalidInput
from booking.http.requests import misfit

MEDIA_TYPE = "application/problem+json"

STATUS: dict[str, int] = {
    "invalid-input": 400,
    "unauthenticated": 401,
    "not-permitted": 403,
    "not-found": 404,
    "method-not-allowed": 405,
    "slot-taken": 409,
    "patient-double-booked": 409,
    "patients-overlap": 409,
    "stale-version": 409,
    "hold-expired": 409,
    "still-running": 409,
    "already-done": 409,
    "nothing-to-undo": 409,
    "too-early": 409,
    "practitioner-not-eligible": 422,
    "patient-age": 422,
    "outside-hours": 422,
    "too-short-notice": 422,
    "beyond-horizon": 422,
    "not-offered": 422,
    "too-close": 422,
    "not-bookable-online": 422,
    "idempotency-mismatch": 422,
    "rules-invalid": 422,
    "clinic-invalid": 422,
    "rate-limited": 429,
    "internal-error": 500,
    "database-refused": 503,
    "unavailable": 503,
}
"""The status of every code a client can see."""

TITLES = {
    "invalid-input": "What was sent cannot be meant",
    "unauthenticated": "Sign in first",
    "not-permitted": "Not permitted",
    "not-found": "Not found",
    "method-not-allowed": "Not possible at this address",
    "slot-taken": "No longer free",
    "patient-double-booked": "The patient has another appointment then",
    "patients-overlap": "Their visits overlap",
    "stale-version": "Changed meanwhile",
    "hold-expired": "No longer held",
    "still-running": "Still being worked on",
    "already-done": "Somebody else has done it",
    "nothing-to-undo": "Nothing to undo",
    "too-early": "Too early",
    "practitioner-not-eligible": "The practitioner may not give this treatment",
    "patient-age": "The patient's age",
    "outside-hours": "Outside hours",
    "too-short-notice": "Too short notice",
    "beyond-horizon": "Too far ahead",
    "not-offered": "Not offered online",
    "too-close": "Too close to another visit",
    "not-bookable-online": "Not booked online",
    "idempotency-mismatch": "Another request had this idempotency key",
    "rules-invalid": "The rules are not well formed",
    "clinic-invalid": "The description of the clinic is not well formed",
    "rate-limited": "Too many attempts",
    "internal-error": "Something went wrong here",
    "database-refused": "Not available",
    "unavailable": "Not available",
}

_BY_STATUS = {401: "unauthenticated", 403: "not-permitted", 404: "not-found", 405: "method-not-allowed"}
_SHOWN = (
    "field", "action", "current_version", "reasons", "alternatives", "references", "retry_after", "by", "at", "opens",
)  # fmt: skip
_SECONDS_TO_WAIT = {"unavailable": 2, "still-running": 1, "database-refused": 10}

_log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class Problem:
    """A refusal as it is shown. `details` are the further members of the body, `headers` go with it."""

    code: str
    status: int
    detail: str
    details: Mapping[str, Any] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def title(self) -> str:
        return TITLES[self.code]

    def body(self) -> dict[str, Any]:
        said = {"type": f"/problems/{self.code}", "title": self.title, "status": self.status, "detail": self.detail}
        return {**said, "code": self.code, **self.details}


def problem_of(error: Exception) -> Problem:
    """What may be said of any error. One that nobody foresaw is logged, and nothing is said of it."""
    if isinstance(error, BookingError):
        return _refusal(error)
    if isinstance(error, HTTPException) and error.status_code < 500:
        return _of_litestar(error)
    _log.error("unforeseen %s at %s", type(error).__qualname__, _where(error))
    return Problem(code="internal-error", status=500, detail="This is our fault; it has been recorded.")


def respond(_: Request[Any, Any, Any], error: Exception) -> Response[bytes]:
    """The handler of all exceptions."""
    return as_response(problem_of(error))


def as_response(problem: Problem) -> Response[bytes]:
    return Response(
        msgspec.json.encode(problem.body()),
        status_code=problem.status,
        media_type=MEDIA_TYPE,
        headers=dict(problem.headers),
    )


def _refusal(error: BookingError) -> Problem:
    status = STATUS.get(error.code, 500)
    details = {name: error.details[name] for name in _SHOWN if error.details.get(name) not in (None, ())}
    if "reasons" in details:
        details["reasons"] = [reason.as_data() for reason in details["reasons"]]
    headers = {}
    wait = error.details.get("retry_after", _SECONDS_TO_WAIT.get(error.code))
    if wait is not None:
        headers["Retry-After"] = str(wait)
    if status == 401:
        headers["WWW-Authenticate"] = 'Bearer realm="booking"'
    return Problem(code=error.code, status=status, detail=error.message, details=details, headers=headers)


def _of_litestar(error: HTTPException) -> Problem:
    """Litestar's own refusals; their texts repeat the address with its query, so none of it is shown."""
    if error.status_code not in {400, 413}:
        code = _BY_STATUS.get(error.status_code, "invalid-input")
        return Problem(
            code=code, status=error.status_code, detail=f"{TITLES[code]}.", headers=_capitalised(error.headers)
        )
    refusal = _invalid(error)
    if error.status_code == 413:
        refusal = InvalidInput("body", "The body is too large.")
    return Problem(code="invalid-input", status=error.status_code, detail=refusal.message, details=refusal.details)


def _invalid(error: HTTPException) -> InvalidInput:
    if isinstance(error.__cause__, KeyError):  # Litestar looked for a parameter that is required
        return InvalidInput(str(error.__cause__.args[0]), "This parameter is missing.")
    if isinstance(error, ValidationException) and isinstance(error.extra, list) and error.extra:
        first = error.extra[0]
        return misfit(str(first.get("message", "")), str(first.get("key", "request")))
    return InvalidInput("request", "The request is not well formed.")


def _capitalised(headers: Mapping[str, str] | None) -> dict[str, str]:
    return {name.title(): value for name, value in (headers or {}).items()}


def _where(error: BaseException) -> str:
    """Where it was raised, by file and line alone: messages and source lines could carry what a patient wrote."""
    frames = traceback.extract_tb(error.__traceback__)[-6:]
    return " < ".join(f"{'/'.join(Path(one.filename).parts[-2:])}:{one.lineno}" for one in reversed(frames))
