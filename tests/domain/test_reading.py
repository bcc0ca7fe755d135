"""Reading tables: how a fault says where it is, and what is not taken for granted."""

import pytest

from booking.domain.reading import Table


def table(**values: object) -> Table:
    return Table(place="here", left=values, faults=[])


@pytest.mark.parametrize(
    ("entry", "place"),
    [
        ({"id": "pt"}, 'thing "pt"'),
        ({"slug": "cedar"}, 'thing "cedar"'),
        ({"id": "pt", "slug": "cedar"}, 'thing "pt"'),
        ({"slug": 7}, "thing 1"),
        ({}, "thing 1"),
    ],
    ids=["id", "slug", "both", "no-name", "nothing"],
)
def test_tables_are_placed_by_what_names_them(entry: dict[str, object], place: str) -> None:
    assert [one.place for one in table(thing=[entry]).tables("thing", "thing")] == [place]


def test_matching_excepts_no_text_that_is_there() -> None:
    top = table(slug="?")
    top.matching("slug", "[a-z]+", "cedar")
    assert top.faults == ["here: slug must look like cedar, not '?'"]


def test_matching_names_what_is_missing_once() -> None:
    top = table()
    top.matching("slug", "[a-z]+", "cedar")
    assert top.faults == ["here: slug is missing"]
