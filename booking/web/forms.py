"""Forms as they were sent: read field by field, with a sentence for everything that is wrong."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from urllib.parse import parse_qsl

from booking.domain.errors import InvalidInput
from booking.domain.patient import Contact
from booking.http import fields
from booking.http.context import Context
from booking.http.csrf import FIELD, ensure_own_form
from booking.web.frame import PageRequest

LONGEST_PHONE = 31


@dataclass(frozen=True, kw_only=True)
class Form:
    """What was typed, by field, and what is wrong with it; the field `""` stands for the whole form."""

    values: Mapping[str, str] = field(default_factory=dict)
    wrong: dict[str, str] = field(default_factory=dict)

    def typed(self, name: str) -> str:
        return self.values.get(name, "")

    def said(self, name: str) -> str:
        return self.wrong.get(name, "")


async def own_form(request: PageRequest, context: Context, secret: str | None) -> Form:
    """The form, sent by a page of ours to this browser. Raises InvalidInput, and NotPermitted for any other."""
    form = await _read(request)
    ensure_own_form(request, context.settings, secret, form.values.get(FIELD))
    return form


def line(form: Form, name: str, label: str, *, longest: int, required: bool = True) -> str:
    """One line of text without spaces around it; what is wrong with it is noted in the form."""
    text = form.typed(name).strip()
    if not text and required:
        form.wrong[name] = f"Enter {label}."
    elif len(text) > longest:
        form.wrong[name] = f"Use at most {longest} characters for {label}."
    elif not re.search(fields.LINE, text):
        form.wrong[name] = f"Type {label} again: it has characters that cannot be used."
    return unicodedata.normalize("NFC", text)


def text(form: Form, name: str) -> str:
    """Lines of text without spaces around them, each ended by one character however the browser ends it."""
    lines = form.typed(name).replace("\t", " ").splitlines()
    return unicodedata.normalize("NFC", "\n".join(line.rstrip() for line in lines).strip())


def day(form: Form, name: str, label: str) -> date | None:
    """A day of a date field, or None when it was left empty."""
    text = form.typed(name).strip()
    found = read_day(text)
    if text and found is None:
        form.wrong[name] = f"Enter {label} as in 2026-11-24."
    return found


def clock(form: Form, name: str, label: str) -> int | None:
    """A time of day, in minutes from midnight, or None when it was left empty; seconds, if any, are not looked at."""
    text = form.typed(name).strip()
    try:
        return fields.minute(text[:5], name) if text else None
    except InvalidInput:
        form.wrong[name] = f"Enter {label} as in 09:30."
        return None


def contact(form: Form, whose: str = "your") -> Contact | None:
    """Name, and e-mail address or telephone number; None when something is wrong with them, each with its sentence."""
    name, email, phone = reached(form, whose)
    if not form.typed("email").strip() and not form.typed("phone").strip():
        form.wrong["email"] = "Enter an e-mail address or a telephone number."
    born = day(form, "born", "the date of birth")
    return None if form.wrong else Contact(name=name, email=email, phone=phone, born=born)


def reached(form: Form, whose: str = "your") -> fields.Reached:
    """A name, and how they are reached, which may be left empty; what is wrong with it is noted in the form."""
    name = line(form, "name", f"{whose} name", longest=fields.LONGEST_NAME)
    email = line(form, "email", f"{whose} e-mail address", longest=fields.LONGEST_EMAIL, required=False)
    phone = line(form, "phone", f"{whose} telephone number", longest=LONGEST_PHONE, required=False)
    if email and not re.search(fields.EMAIL, email):
        form.wrong.setdefault("email", "Enter one e-mail address, such as name@example.com.")
    if phone and not (re.search(fields.PHONE, phone) and sum(map(str.isdigit, phone)) >= 5):
        form.wrong.setdefault("phone", "Enter a telephone number in figures, such as +1 206 555 0142.")
    return name, email or None, phone or None


def version(form: Form) -> int:
    """The version that a change is based on. Raises InvalidInput."""
    text = form.typed("version")
    if not re.fullmatch(r"[0-9]{1,9}", text):
        raise InvalidInput("version", "Load the page again and try once more.")
    return int(text)


def read_day(text: str) -> date | None:
    """A day as in 2026-11-24; None for anything else."""
    try:
        return fields.day(text, "day")
    except InvalidInput:
        return None


def read_instant(text: str) -> datetime:
    """An instant as our buttons send it, such as 2026-11-24T19:00:00Z. Raises InvalidInput."""
    return fields.instant(text, "start")


def write_instant(instant: datetime) -> str:
    return f"{instant.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


async def _read(request: PageRequest) -> Form:
    kind = request.headers.get("content-type", "").partition(";")[0].strip().casefold()
    if kind != "application/x-www-form-urlencoded":
        raise InvalidInput("form", "Fill in the form on its page.")
    body = await request.body()
    try:
        pairs = parse_qsl(body.decode("ascii"), keep_blank_values=True, max_num_fields=50, errors="strict")
    except ValueError as error:
        raise InvalidInput("form", "The form could not be read; fill it in again.") from error
    return Form(values=dict(pairs))
