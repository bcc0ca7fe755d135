"""What msgspec says of a body becomes a refusal that names the field and repeats nothing."""

from enum import StrEnum
from typing import Annotated

import pytest
from msgspec import Meta, Struct

from booking.domain.errors import InvalidInput
from booking.http.requests import parse_json


class Colour(StrEnum):
    RED = "red"


class Inner(Struct, forbid_unknown_fields=True):
    name: Annotated[str, Meta(max_length=3, pattern="^[a-z]*$")]


class Outer(Struct, forbid_unknown_fields=True):
    inner: Inner
    many: list[Inner] = []
    number: int = 0
    colour: Colour = Colour.RED


@pytest.mark.parametrize(
    ("body", "field", "message"),
    [
        (b'{"inner": {"name": "A"}}', "inner.name", "This has a form or characters that are not allowed."),
        (b'{"inner": {"name": "abcd"}}', "inner.name", "Expected `str` of length <= 3."),
        (b'{"inner": {}}', "inner.name", "This field is missing."),
        (b'{"inner": {"name": "a", "age": 1}}', "inner.age", "This field is unknown."),
        (b'{"inner": {"name": "a"}, "many": [{"name": 1}]}', "many[0].name", "Expected `str`, got `int`."),
        (b'{"inner": {"name": "a"}, "number": "1"}', "number", "Expected `int`, got `str`."),
        (b'{"inner": {"name": "a"}, "colour": "canary"}', "colour", "This is none of the words that can stand here."),
        (b"[]", "body", "Expected `object`, got `array`."),
        (b"{", "body", "The body is not well-formed JSON in UTF-8."),
        (b'{"inner": {"name": "\xff"}}', "body", "The body is not well-formed JSON in UTF-8."),
    ],
)
def test_misfit_is_refused_by_name(body: bytes, field: str, message: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        parse_json(body, Outer)
    assert (caught.value.details, caught.value.message) == ({"field": field}, message)


def test_what_fits_is_read() -> None:
    assert parse_json(b'{"inner": {"name": "a"}}', Outer) == Outer(Inner("a"))
