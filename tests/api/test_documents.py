"""The description of the API fits the API."""

from typing import Any, TypeVar

import msgspec
import pytest
from litestar import Litestar
from litestar.handlers import HTTPRouteHandler
from sqlmodel import SQLModel

from booking.api.fields import Body
from booking.app import build
from booking.domain.errors import BookingError
from booking.http.access import Access, unguarded
from booking.http.problems import STATUS, TITLES
from tests.api.world import OPERATIONS, SETTINGS, WITH_BODY, World

T = TypeVar("T")


@pytest.fixture(scope="module")
def app() -> Litestar:
    return build(SETTINGS)


@pytest.fixture(scope="module")
def document(shared: World) -> dict[str, Any]:
    answer = shared.client.get("/openapi.json")
    assert answer.headers["content-type"] == "application/json"
    found: dict[str, Any] = answer.json()
    return found


def operations(document: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {one["operationId"]: one for item in document["paths"].values() for one in item.values()}


def handlers(app: Litestar) -> list[tuple[str, HTTPRouteHandler]]:
    return [(route.path, one) for route in app.routes for one in getattr(route, "route_handlers", ())]


def test_every_operation_is_described(document: dict[str, Any], app: Litestar) -> None:
    assert document["openapi"].startswith("3.1.")
    assert sorted(operations(document)) == sorted(OPERATIONS)
    served = {(path.replace(":str", ""), method.lower()) for path, one in handlers(app) for method in one.http_methods}
    described = {(path, method) for path, item in document["paths"].items() for method in item}
    assert described == {(path, method) for path, method in served if path.startswith("/api/") and method != "options"}


def test_every_operation_says_what_it_does_and_how_it_refuses(document: dict[str, Any]) -> None:
    for name, one in operations(document).items():
        assert one["summary"], name
        refusals = {status: answer for status, answer in one["responses"].items() if status >= "400"}
        assert {"400", "401", "404", "500", "503"} <= set(refusals), name
        for answer in refusals.values():
            assert list(answer["content"]) == ["application/problem+json"], name


def test_closed_operations_ask_for_a_token(document: dict[str, Any]) -> None:
    found = operations(document)
    assert found["listFindings"]["security"] == [{"session": []}]
    assert found["getAppointment"]["security"] == [{"session": []}, {"manage": []}]
    assert {} in found["listSlots"]["security"]


def test_bodies_refuse_unknown_fields(document: dict[str, Any]) -> None:
    shapes, sent = document["components"]["schemas"], set()
    for name in WITH_BODY:
        reference = operations(document)[name]["requestBody"]["content"]["application/json"]["schema"]["$ref"]
        sent.add(reference.rpartition("/")[2])
        assert shapes[reference.rpartition("/")[2]]["additionalProperties"] is False
    bodies = {one.__name__ for one in below(Body) if one.__struct_config__.forbid_unknown_fields}
    assert sent <= bodies <= set(shapes)


def test_references_lead_somewhere(document: dict[str, Any]) -> None:
    text = msgspec.json.encode(document).decode()
    named = {part.partition('"')[0] for part in text.split('"#/components/schemas/')[1:]}
    assert named <= set(document["components"]["schemas"])


ON_THE_COMMAND_LINE = {"backup-refused", "import-invalid", "row-refused"}
"""What is said there alone; and `settings-invalid` is said before anything is served."""


def test_every_refusal_has_a_status_and_a_title() -> None:
    codes = {one.code for one in below(BookingError)} - {"settings-invalid", *ON_THE_COMMAND_LINE}
    assert codes <= set(STATUS)
    assert set(STATUS) == set(TITLES)


def below(kind: type[T]) -> set[type[T]]:
    return {one for sub in kind.__subclasses__() for one in (sub, *below(sub))}


def test_every_handler_says_whom_it_is_for(app: Litestar) -> None:
    assert unguarded(app.routes) == []
    access = {
        path: one.opt["access"] for path, one in handlers(app) if path.startswith("/health/") and "access" in one.opt
    }
    assert access == {"/health/live": Access.HEALTH, "/health/ready": Access.HEALTH}


def test_no_table_model_is_sent_or_answered(app: Litestar) -> None:
    """A row that is answered leaks every column; one that is read lets the client set every column."""
    for path, one in handlers(app):
        signature = one.parsed_fn_signature
        for part in (*signature.parameters.values(), signature.return_type):
            for kind in (part, *part.inner_types):
                is_table = isinstance(kind.annotation, type) and issubclass(kind.annotation, SQLModel)
                assert not is_table, path
