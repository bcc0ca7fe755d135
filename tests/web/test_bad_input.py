"""Whatever is sent, the answer is a page that says what to do, and never a fault of ours."""

import random
from collections.abc import Iterator
from urllib.parse import quote

import pytest

from tests.clinics import TUESDAY, at
from tests.web.conftest import Site

NASTY = (
    *("", " ", "\x00", "a\x00b", "\x07", "\r\n", "\u2028", "\u202e", "\ufffe", "é" * 300, "x" * 5_000),
    *("'; DROP TABLE clinic;--", "<script>alert(1)</script>", "{{ 7 * 7 }}", "%00", "../../etc/passwd"),
    *("-1", "1e309", "NaN", "٣", "2026-11-24", "9999-12-31T23:59:59Z", "0000-00-00", "null", "[]"),
    "018f0000-0000-7000-8000-000000000000",
)
FORMS = ("application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "application/json", "text/plain", "")


@pytest.mark.parametrize("nasty", NASTY)
@pytest.mark.parametrize(
    "path",
    ["/book/dull?site={}", "/book/dull/times?treatment={0}&site={0}&practitioner={0}&from={0}", "/book/{}/times"],
)
def test_addresses_of_patients(shared: Site, path: str, nasty: str) -> None:
    answer = shared.browser().ask("GET", path.format(quote(nasty, safe="")))
    assert answer.status_code in {200, 404}
    assert "<script>alert" not in answer.text


@pytest.mark.parametrize("nasty", NASTY)
@pytest.mark.parametrize(
    "path",
    ["/desk?date={0}&site={0}", "/desk/credentials?changed={0}&deed={0}", "/desk/appointments/{}", "/desk/patients/{}"],
)
def test_addresses_of_staff(shared: Site, path: str, nasty: str) -> None:
    answer = shared.signed_in("manager").ask("GET", path.format(quote(nasty, safe="")))
    assert answer.status_code in {200, 404}
    assert "<script>alert" not in answer.text


@pytest.mark.parametrize("raw", ["%FF", "%C3%28", "%ED%A0%80", "%", "%zz", "a=%FF&a=%00", "&&&&==", "a" * 9_000])
def test_queries_that_are_no_text(shared: Site, raw: str) -> None:
    for path in ("/", "/book/dull", "/book/dull/times", "/sign-in", "/sign-in/dull"):
        assert shared.browser().ask("GET", f"{path}?treatment={raw}").status_code in {200, 400}


@pytest.mark.parametrize("content_type", FORMS)
@pytest.mark.parametrize(
    "body", [b"", b"csrf", b"\xff\xfe", b"csrf=%FF&name=%FF", b"a=1&" * 60, b"--x\r\n\r\n", b'{"a": 1}', b"a" * 60_000]
)
def test_bodies_that_are_no_form(shared: Site, content_type: str, body: bytes) -> None:
    for path in ("/book/dull/hold", "/sign-in/dull", "/sign-out"):
        browser = shared.signed_in("manager")
        browser.headers["Content-Type"] = content_type
        answer = browser.ask("POST", path, content=body)
        assert answer.status_code in {400, 403}
        assert "<h1>" in answer.text


def test_body_that_is_too_large(shared: Site) -> None:
    answer = shared.browser().ask("POST", "/sign-in/dull", data={"login": "x" * 70_000})
    assert answer.status_code == 413
    assert "<h1>" in answer.text


def test_forms_filled_with_anything(site: Site) -> None:
    """Each form of a patient's way and of the desk, its fields filled with nasty things at random."""
    draw = random.Random(20261124)  # noqa: S311 -- the same draws each time are wanted
    view = site.clinic.book(at(TUESDAY, 10))
    for login, path in (
        (None, "/book/dull/times?treatment=needling"),
        (None, "hold"),
        (None, f"{site.link(view)}/cancel"),
        (None, f"{site.link(view)}/move?start=2026-11-24T19:00:00Z"),
        (None, "/sign-in/dull"),
        ("reception", f"/desk/appointments/{view.appointment.id}"),
        ("reception", f"/desk/appointments/{view.appointment.id}/places"),
        ("reception", "/desk/walk-in"),
        ("reception", "/desk/book"),
        ("manager", "/desk/credentials"),
        ("reception", "/desk/away"),
        ("ada", "/me/leave"),
        ("ada", "/me/calendar"),
    ):
        browser = site.browser() if login is None else site.signed_in(login)
        browser.open("/book/dull/times?treatment=needling" if path == "hold" else path)
        if path == "hold":
            browser.press("Tuesday 24 November, 11:00 am")
        for form in [form for form in browser.page.forms if form.method == "post" and form.action != "/sign-out"]:
            for fields in _nasty(form.fields, draw):
                answer = browser.ask("POST", form.action or path, data=fields, follow_redirects=False)
                assert answer.status_code < 500, (form.action, fields)


def _nasty(fields: dict[str, str], draw: random.Random) -> Iterator[dict[str, str]]:
    """The fields with one of them made nasty, then with all of them."""
    names = [*(name for name in fields if name != "csrf"), "start", "choice", "at"]
    for name in names:
        for nasty in draw.sample(NASTY, 4):
            yield fields | {name: nasty}
    for _ in range(5):
        yield fields | {name: draw.choice(NASTY) for name in names}
