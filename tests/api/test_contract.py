"""Requests made from the description alone, valid and not, never find a fault of ours or an answer it does not name."""

from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from booking.app import create_app
from tests.api.world import OPERATIONS, SETTINGS, World

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]

WITHOUT_ARGUMENTS = {"listTreatmentTypes", "listPractitioners", "listSites", "listFindings", "getLaw", "signOut"}


@pytest.fixture(scope="module")
def described(shared: World) -> Any:
    return schemathesis.openapi.from_asgi("/openapi.json", create_app(SETTINGS, shared.clinic.database))


VALID = [(operation, GenerationMode.POSITIVE) for operation in OPERATIONS]
INVALID = [(one, GenerationMode.NEGATIVE) for one in OPERATIONS if one not in WITHOUT_ARGUMENTS]


@pytest.mark.parametrize(("operation", "mode"), VALID + INVALID)
def test_answers_are_as_described(described: Any, shared: World, operation: str, mode: GenerationMode) -> None:
    found = described.find_operation_by_id(operation)
    requests = found.as_strategy(generation_mode=mode, path_parameters={"clinic": "dull"})

    @settings(max_examples=6, deadline=None, database=None, derandomize=True, suppress_health_check=list(HealthCheck))
    @given(requests)
    def check(case: schemathesis.Case[Any]) -> None:
        answer = case.call(headers={"Authorization": f"Bearer {shared.token('manager')}"})
        case.validate_response(answer, checks=CHECKS)

    check()
