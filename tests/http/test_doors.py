"""The layers around every handler, on a small app: who comes in, what every answer carries, where it came from."""

from collections.abc import Iterator
from typing import Any

import pytest
from litestar import Litestar, Request, Response, get, post
from litestar.params import FromPath
from litestar.testing import TestClient
from litestar.types import Receive, Scope, Send

from booking.http.access import Access, guard, unguarded
from booking.http.cookies import HOLD, SESSION, cookie_name, drop_cookie, read_cookie, set_cookie
from booking.http.csrf import csrf_token, ensure_own_form
from booking.http.headers import CONTENT_SECURITY_POLICY, with_headers
from booking.http.problems import respond
from booking.http.proxies import client_address
from booking.settings import Settings

HTTP = Settings(secret=b"s" * 40, public_url="http://clinic.example")
HTTPS = Settings(secret=b"s" * 40, public_url="https://clinic.example")
BEHIND = Settings(secret=b"s" * 40, trusted_proxies=("10.0.0.0/8", "127.0.0.1/32"))
HEALTH = {"access": Access.HEALTH}


@get("/said", opt=HEALTH, sync_to_thread=False)
def said(request: Request[Any, Any, Any]) -> Response[str]:
    return Response(request.headers["x-request-id"], headers={"Cache-Control": "max-age=60"})


@get("/silent", sync_to_thread=False)
def silent() -> str:
    return "nobody hears this"


@get("/broken/{secret:str}", opt=HEALTH, sync_to_thread=False)
def broken(secret: FromPath[str]) -> None:
    raise ZeroDivisionError(secret)


@get("/address", opt=HEALTH, sync_to_thread=False)
def address(request: Request[Any, Any, Any]) -> str:
    return client_address(request, BEHIND)


@post("/form", opt=HEALTH, sync_to_thread=False)
def form(request: Request[Any, Any, Any]) -> str:
    ensure_own_form(request, HTTPS, read_cookie(request, HTTPS, HOLD), request.query_params.get("csrf"))
    return "taken"


@pytest.fixture(scope="module")
def app() -> Litestar:
    handlers = [said, silent, broken, address, form]
    return Litestar(handlers, guards=[guard], exception_handlers={Exception: respond}, openapi_config=None)


@pytest.fixture
def client(app: Litestar) -> Iterator[TestClient[Any]]:
    with TestClient(with_headers(app, HTTPS), raise_server_exceptions=False) as opened:
        yield opened


def test_handler_that_does_not_say_whom_it_is_for_lets_nobody_in(app: Litestar, client: TestClient[Any]) -> None:
    assert client.get("/silent").status_code == 403
    (fault,) = unguarded(app.routes)
    assert fault.startswith("/silent")


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("GET", "/said", 200), ("GET", "/nowhere", 404), ("PUT", "/said", 405), ("GET", "/broken/x", 500)],
)
def test_every_answer_carries_the_headers(client: TestClient[Any], method: str, path: str, status: int) -> None:
    answer = client.request(method, path)
    assert answer.status_code == status
    expected = {
        "content-security-policy": CONTENT_SECURITY_POLICY,
        "x-content-type-options": "nosniff",
        "referrer-policy": "no-referrer",
        "x-frame-options": "DENY",
        "cross-origin-opener-policy": "same-origin",
        "strict-transport-security": "max-age=31536000; includeSubDomains",
        "cache-control": "max-age=60" if status == 200 else "no-store",
    }
    assert {name: answer.headers[name] for name in expected} == expected
    assert len(answer.headers["x-request-id"]) == 32
    assert "unsafe" not in CONTENT_SECURITY_POLICY


def test_request_id_is_ours_and_new(client: TestClient[Any]) -> None:
    answers = [client.get("/said", headers={"X-Request-Id": "theirs"}) for _ in range(2)]
    assert [answer.text for answer in answers] == [answer.headers["x-request-id"] for answer in answers]
    assert len({answer.text for answer in answers} | {"theirs"}) == 3


def test_http_says_nothing_of_strict_transport(app: Litestar) -> None:
    with TestClient(with_headers(app, HTTP)) as client:
        assert "strict-transport-security" not in client.get("/said").headers


def test_access_log_names_no_address(client: TestClient[Any], caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level("INFO"):
        client.get("/broken/canary-7f3a?token=canary-7f3a")
        client.get("/canary-7f3a")
    lines = [record.getMessage() for record in caplog.records if record.name == "booking.access"]
    assert [line.split()[:3] for line in lines] == [["GET", "/broken/{secret}", "500"], ["GET", "-", "404"]]
    assert "canary" not in "".join(
        record.getMessage() for record in caplog.records if record.name.startswith("booking")
    )


@pytest.mark.parametrize(
    ("peer", "forwarded", "expected"),
    [
        ("198.51.100.7", "", "198.51.100.7"),
        ("198.51.100.7", "203.0.113.9", "198.51.100.7"),
        ("10.1.2.3", "203.0.113.9", "203.0.113.9"),
        ("10.1.2.3", "192.0.2.1, 203.0.113.9", "203.0.113.9"),
        ("10.1.2.3", "192.0.2.1, 10.9.9.9", "192.0.2.1"),
        ("10.1.2.3", "", "10.1.2.3"),
        ("10.1.2.3", "nonsense", "nonsense"),
        ("2001:db8:1:2:3::4", "", "2001:0db8:0001:0002"),
    ],
)
def test_client_address_is_believed_as_far_as_proxies_are(
    app: Litestar, peer: str, forwarded: str, expected: str
) -> None:
    async def from_peer(scope: Scope, receive: Receive, send: Send) -> None:
        scope["client"] = (peer, 50_000)
        await app(scope, receive, send)

    with TestClient(from_peer) as client:
        assert client.get("/address", headers={"X-Forwarded-For": forwarded}).text == expected


SECRET = "the browser's secret"
OWN = csrf_token(HTTPS, SECRET)
SAME = {"Sec-Fetch-Site": "same-origin"}


@pytest.mark.parametrize(
    ("cookie", "token", "headers", "status"),
    [
        (SECRET, OWN, SAME, 201),
        (SECRET, OWN, {"Origin": "https://clinic.example"}, 201),
        (SECRET, OWN, {}, 201),
        (SECRET, OWN, {"Sec-Fetch-Site": "cross-site"}, 403),
        (SECRET, OWN, {"Sec-Fetch-Site": "same-site"}, 403),
        (SECRET, OWN, {"Origin": "https://evil.example"}, 403),
        (SECRET, OWN, {"Origin": "null"}, 403),
        (SECRET, "", SAME, 403),
        (SECRET, OWN[:-1], SAME, 403),
        (SECRET, "é\ud7ff", SAME, 403),
        (SECRET, csrf_token(HTTPS, "another browser's"), SAME, 403),
        (None, OWN, SAME, 403),
    ],
)
def test_form_counts_from_our_pages_and_this_browser_alone(
    client: TestClient[Any], cookie: str | None, token: str, headers: dict[str, str], status: int
) -> None:
    cookies = {} if cookie is None else {"Cookie": f'__Host-hold="{cookie}"'}
    answer = client.post("/form", params={"csrf": token}, headers={**headers, **cookies})
    assert answer.status_code == status


def test_cookies_are_named_by_scheme() -> None:
    assert (cookie_name(HTTPS, SESSION), cookie_name(HTTP, SESSION)) == ("__Host-session", "session")
    header = set_cookie(HTTPS, SESSION, "x", lasts=60).to_header(header="")
    assert {"__Host-session=x", "HttpOnly", "Secure", "Path=/", "SameSite=lax", "Max-Age=60"} <= set(header.split("; "))
    assert "Secure" not in set_cookie(HTTP, SESSION, "x").to_header(header="")
    assert "Max-Age=0" in drop_cookie(HTTPS, SESSION).to_header(header="")
