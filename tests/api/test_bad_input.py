"""Whatever is sent, the API answers in problem details, names the field, and never with a fault of its own."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

import httpx
import pytest

from tests.api.world import OPERATIONS, WITH_BODY, World

JSON = {"Content-Type": "application/json"}
MALFORMED = {
    "nothing": b"",
    "no JSON": b"treatment_type=1",
    "half of it": b'{"patient": {',
    "two of it": b"{}{}",
    "no object": b"[]",
    "null": b"null",
    "a number": b"7",
    "NaN": b'{"version": NaN, "hold_secret": NaN, "start": NaN, "source": NaN, "reason": NaN}',
    "invalid UTF-8": b'{"reason": "\xff", "source": "\xff", "login": "\xff", "label": "\xff", "start": "\xff"}',
    "lone surrogate": b'{"reason": "\\ud800", "source": "\\ud800", "hold_secret": "\\ud800", "start": "\\ud800"}',
    "byte order mark": b"\xef\xbb\xbf{}",
    "brackets": b"[" * 30_000,
    "braces": b'{"patient":' * 5_000,
    "nested unknown": b'{"unknown": ' + b"[" * 30_000,
}
OF_NO_USE: tuple[Any, ...] = (True, 1.5, -1, [[]], {"a": 1}, 10**400, "", "\ud7ff" * 10_000)
CONTROLS = ("\x00", "\x07", "\n", "\r", "\x1b", "\x7f", "\x85", "\u202e", "\u2066", "\u2028")
STARTS = (
    "2026-11-24T11:00:00", "2026-11-24 11:00:00-08:00", "1795530600", 1795530600, "2026-11-24", "", None,
    "2026-11-24T11:00:00-08:00\n", "2026-13-24T11:00:00-08:00", "2026-02-30T11:00:00Z", "2026-11-24T25:00:00Z",
    "2026-11-24T11:00:00+25:00", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "2200-01-01T00:00:00Z",
    "1969-12-31T23:59:59Z", "٢٠٢٦-11-24T11:00:00Z", "2026-11-24T23:59:60Z", "20261124T110000Z",
    "2026-11-24T11:00:00[America/Los_Angeles]",
)  # fmt: skip
DAYS = (
    "",
    "24-11-2026",
    "2026-11-31",
    "2026-W48-2",
    "20261124",
    "1795530600",
    "0001-01-01",
    "9999-12-31",
    "2026-11-24T00:00:00Z",
)
WITHOUT_ID = ("signOut", "findNextSlot", "countSlots", "explainSlot", "withdrawOwnerDecision", "squeezeIn")
"""Those whose address has a second part that is no id."""
OPTIONAL = (("explainSlot", "practitioner"),)
IDS: tuple[Any, ...] = (
    "",
    "1",
    "not-an-id",
    "018f0000-0000-7000-8000-00000000000",
    "018f0000-0000-7000-8000-000000000000'",
    "\x00",
    7,
    {},
    [],
)


def field_of(answer: httpx.Response) -> str:
    """The field that the refusal names."""
    assert answer.status_code == 400, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    body = answer.json()
    assert body["code"] == "invalid-input"
    named: str = body["field"]
    return named


def leaves(body: Mapping[str, Any], path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    for name, value in body.items():
        if isinstance(value, dict):
            yield from leaves(value, (*path, name))
        yield (*path, name)


def replaced(body: Mapping[str, Any], path: tuple[str, ...], value: object) -> dict[str, Any]:
    name, *rest = path
    return {**body, name: replaced(body[name], tuple(rest), value) if rest else value}


@pytest.mark.parametrize("operation", WITH_BODY)
def test_malformed_body_is_refused(shared: World, operation: str) -> None:
    method, path, _ = shared.request(operation)
    for name, body in MALFORMED.items():
        answer = shared.send(method, path, "manager", content=body, headers=JSON)
        assert field_of(answer), name


@pytest.mark.parametrize("operation", WITH_BODY)
def test_unknown_and_missing_fields_are_refused_by_name(shared: World, operation: str) -> None:
    body = shared.request(operation)[2]["json"]
    assert field_of(shared.call(operation, "manager", json={**body, "id": 1})) == "id"
    name = next(iter(body))
    assert field_of(shared.call(operation, "manager", json={key: body[key] for key in body if key != name})) == name


@pytest.mark.parametrize("operation", WITH_BODY)
def test_value_of_another_kind_is_refused_by_name(shared: World, operation: str) -> None:
    body = shared.request(operation)[2]["json"]
    for path in leaves(body):
        for value in OF_NO_USE:
            answer = shared.call(
                operation, "manager", content=json.dumps(replaced(body, path, value)), json=None, headers=JSON
            )
            assert field_of(answer).startswith(path[0])


@pytest.mark.parametrize(
    "operation",
    [
        *("bookAppointment", "cancelAppointment", "verifyCredential", "suspendCredential", "createFeed"),
        *("addAbsence", "closeSite", "recordOwnerDecision", "declineRequest", "enterInError", "squeezeIn", "walkIn"),
    ],
)
def test_control_characters_are_refused(shared: World, operation: str) -> None:
    body = shared.request(operation)[2]["json"]
    texts = {"bookAppointment": ("patient", "name"), "verifyCredential": ("source",), "createFeed": ("label",)}
    texts |= {"recordOwnerDecision": ("basis",), "squeezeIn": ("booked_by",), "walkIn": ("name",)}
    path = texts.get(operation, ("reason",))
    for control in CONTROLS:
        for text in (f"a{control}b", f"ab{control}"):
            answer = shared.call(operation, "manager", json=replaced(body, path, text))
            assert field_of(answer) == ".".join(path), repr(control)


@pytest.mark.parametrize("operation", WITH_BODY)
def test_body_of_another_content_type_is_refused(shared: World, operation: str) -> None:
    body = json.dumps(shared.request(operation)[2]["json"])
    for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", ""):
        answer = shared.call(operation, "manager", json=None, content=body, headers={"Content-Type": kind})
        assert field_of(answer) == "content-type"


@pytest.mark.parametrize("operation", WITH_BODY)
def test_body_that_is_too_large_is_refused(shared: World, operation: str) -> None:
    answer = shared.call(operation, "manager", json=None, content=b" " * 70_000 + b"{}", headers=JSON)
    assert (answer.status_code, answer.json()["code"], answer.json()["field"]) == (413, "invalid-input", "body")


def test_start_must_be_an_instant_with_its_offset(shared: World) -> None:
    for start in STARTS:
        assert field_of(shared.call("holdSlot", json={**shared.wanted(11), "start": start})) == "start", start
        for operation in ("explainEligibility", "explainSlot"):
            query = {**shared.request(operation)[2]["params"], "start": start}
            assert field_of(shared.call(operation, "manager", params=query)) == "start", start


def test_days_must_be_days(shared: World) -> None:
    for operation in ("listSlots", "countSlots", "listAppointments", "listAbsences"):
        query = shared.request(operation)[2]["params"]
        for name in ("from", "to"):
            for day in DAYS:
                assert field_of(shared.call(operation, "manager", params={**query, name: day})) == name, day
    query = shared.request("findNextSlot")[2]["params"]
    for day in DAYS:
        assert field_of(shared.call("findNextSlot", params={**query, "from": day})) == "from", day
    for name in ("first", "last"):
        for day in DAYS:
            answer = shared.call("suspendCredential", "manager", json={"reason": "board order", name: day})
            assert field_of(answer) == name, day
            for operation in ("addAbsence", "closeSite"):
                body = shared.request(operation)[2]["json"]
                assert field_of(shared.call(operation, "manager", json={**body, name: day})) == name, day


def test_ids_must_be_ids(shared: World) -> None:
    wanted = shared.wanted(11)
    for name in ("treatment_type", "site", "practitioner"):
        for one in IDS:
            assert field_of(shared.call("holdSlot", json={**wanted, name: one})) == name, one
    for one in ("1", "not-an-id", "018f0000-0000-7000-8000-00000000000", "%00", "%F0%9F%98%80"):
        for operation in OPERATIONS:
            method, path, request = shared.request(operation)
            parts = path.split("/")
            if len(parts) > 2 and operation not in WITHOUT_ID:
                wrong = "/".join([*parts[:2], one, *parts[3:]])
                assert field_of(shared.send(method, wrong, "manager", **request)).endswith("_id"), (operation, one)


@pytest.mark.parametrize("operation", OPERATIONS)
def test_query_is_read_exactly(shared: World, operation: str) -> None:
    method, path, request = shared.request(operation)
    query = list(request.get("params", {}).items())
    more = {name: value for name, value in request.items() if name != "params"}

    def send(pairs: list[tuple[str, Any]]) -> httpx.Response:
        return shared.send(method, path, "manager", params=pairs, **more)

    assert field_of(send([*query, ("clinic_id", "1")])) == "clinic_id"
    for name, value in query:
        assert field_of(send([*query, (name, value)])) == name
        if (operation, name) not in OPTIONAL:
            assert field_of(send([pair for pair in query if pair[0] != name])) == name


def test_query_that_is_no_text_is_refused_or_ignored(shared: World) -> None:
    for query in ("%ff%fe=1", "from=%ff", "from=%00", "regions=%00&regions=%ff", "&&&", "=", "from", "%", "a" * 5_000):
        answer = shared.client.get(f"/api/v1/clinics/dull/slots?{query}")
        assert answer.status_code == 400, query


def test_refusal_does_not_repeat_what_was_sent(shared: World) -> None:
    secret = "canary-7f3a"
    answers = [
        shared.call("listSlots", params={"treatment_type": secret, "from": secret, "to": secret}),
        shared.call("bookAppointment", json={"patient": {"name": "x", "email": secret}}),
        shared.send("GET", f"/appointments/{secret}", "manager"),
        shared.client.get(f"/api/{secret}?token={secret}"),
    ]
    assert [secret in answer.text for answer in answers] == [False] * 4
