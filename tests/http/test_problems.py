import json
import logging

import pytest
from litestar.exceptions import MethodNotAllowedException, NotFoundException, PermissionDeniedException

from booking.domain.errors import (
    BookingError,
    InvalidInput,
    NotFound,
    PractitionerNotEligible,
    RateLimited,
    SlotTaken,
    StaleVersion,
    Unauthenticated,
    Unavailable,
)
from booking.http.problems import as_response, problem_of


def test_refusal_is_said_with_its_code_status_and_details() -> None:
    assert problem_of(InvalidInput("start", "When?")).body() == {
        "type": "/problems/invalid-input",
        "title": "What was sent cannot be meant",
        "status": 400,
        "detail": "When?",
        "code": "invalid-input",
        "field": "start",
    }


@pytest.mark.parametrize(
    ("error", "status", "headers"),
    [
        (SlotTaken(), 409, {}),
        (NotFound("site"), 404, {}),
        (StaleVersion(), 409, {}),
        (Unauthenticated("Sign in."), 401, {"WWW-Authenticate": 'Bearer realm="booking"'}),
        (RateLimited("Wait.", retry_after=30), 429, {"Retry-After": "30"}),
        (Unavailable(), 503, {"Retry-After": "2"}),
        (NotFoundException(), 404, {}),
        (MethodNotAllowedException(headers={"allow": "GET"}), 405, {"Allow": "GET"}),
        (PermissionDeniedException(), 403, {}),
    ],
)
def test_status_and_headers_follow_the_code(error: Exception, status: int, headers: dict[str, str]) -> None:
    problem = problem_of(error)
    assert (problem.status, dict(problem.headers)) == (status, headers)


def test_empty_reasons_and_unknown_version_are_left_out() -> None:
    assert "reasons" not in problem_of(PractitionerNotEligible("No.", ())).details
    assert "current_version" not in problem_of(StaleVersion()).details
    assert problem_of(StaleVersion(3)).details == {"current_version": 3}


def test_details_that_are_not_for_clients_are_left_out() -> None:
    error = BookingError("No.", constraint="pk_claim")
    assert problem_of(error).details == {}


def fail(message: str) -> None:
    raise LookupError(message)


def test_unforeseen_error_is_recorded_by_its_kind_and_place_alone(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR), pytest.raises(LookupError) as caught:
        fail("Pat Jones")
    problem = problem_of(caught.value)
    assert (problem.status, problem.code) == (500, "internal-error")
    (record,) = caplog.records
    assert "LookupError" in record.getMessage()
    assert "test_problems.py" in record.getMessage()
    assert "Pat" not in record.getMessage() + json.dumps(problem.body())


def test_answer_is_problem_json() -> None:
    answer = as_response(problem_of(SlotTaken()))
    assert (answer.status_code, answer.media_type) == (409, "application/problem+json")
    assert json.loads(answer.content)["code"] == "slot-taken"
