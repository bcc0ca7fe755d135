"""Templates become answers. Everything in them is escaped, and every date and price is said by `booking.wording`."""

import re
from collections.abc import Sequence
from datetime import date
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from litestar.datastructures import Cookie
from litestar.enums import MediaType
from litestar.response import Response

from booking.domain.eligibility import Reason
from booking.domain.time.zone import local_date
from booking.web.assets import PATH
from booking.web.frame import Frame
from booking.wording import body, dates, life, words
from booking.wording.money import price

_templates = Environment(
    loader=PackageLoader("booking.web"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def page(
    template: str, frame: Frame, *, status: int = 200, cookies: Sequence[Cookie] = (), **values: Any
) -> Response[str]:
    """The template, in its frame, as a page."""
    text = _templates.get_template(template).render(frame=frame, **values)
    return Response(text, status_code=status, media_type=MediaType.HTML, cookies=list(cookies))


def dial(phone: str) -> str:
    """A telephone number as a `tel:` link has it."""
    return re.sub(r"[^+\d]", "", phone)


def iso_day(text: str | None) -> str:
    """`2026-11-24` as `24 Nov 2026`; empty for none."""
    return dates.short_day(date.fromisoformat(text)) if text else ""


_templates.globals.update(body=body, dates=dates, life=life, words=words, price=price, assets=PATH)
_templates.filters.update(
    dial=dial, day_at=local_date, iso_day=iso_day, as_data=Reason.as_data, body_region=body.region
)
