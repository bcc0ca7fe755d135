"""Public holidays as the pinned package knows them, held against days that governments have published."""

from datetime import date, timedelta

import holidays
import pytest

from booking.domain.time.holidays import PublicHolidays, is_known_place, known_names

WASHINGTON = {
    date(2027, 1, 1): "New Year's Day",
    date(2027, 1, 18): "Martin Luther King Jr. Day",
    date(2027, 2, 15): "Presidents' Day",
    date(2027, 5, 31): "Memorial Day",
    date(2027, 6, 18): "Juneteenth National Independence Day (observed)",
    date(2027, 6, 19): "Juneteenth National Independence Day",
    date(2027, 7, 4): "Independence Day",
    date(2027, 7, 5): "Independence Day (observed)",
    date(2027, 9, 6): "Labor Day",
    date(2027, 11, 11): "Veterans Day",
    date(2027, 11, 25): "Thanksgiving Day",
    date(2027, 11, 26): "Native American Heritage Day",
    date(2027, 12, 24): "Christmas Day (observed)",
    date(2027, 12, 25): "Christmas Day",
    date(2027, 12, 31): "New Year's Day (observed)",
}
ENGLAND = {
    date(2027, 1, 1): "New Year's Day",
    date(2027, 3, 26): "Good Friday",
    date(2027, 3, 29): "Easter Monday",
    date(2027, 5, 3): "May Day",
    date(2027, 5, 31): "Spring Bank Holiday",
    date(2027, 8, 30): "Late Summer Bank Holiday",
    date(2027, 12, 25): "Christmas Day",
    date(2027, 12, 26): "Boxing Day",
    date(2027, 12, 27): "Christmas Day (observed)",
    date(2027, 12, 28): "Boxing Day (observed)",
}
DENMARK = {
    date(2027, 1, 1): "New Year's Day",
    date(2027, 3, 25): "Maundy Thursday",
    date(2027, 3, 26): "Good Friday",
    date(2027, 3, 28): "Easter Sunday",
    date(2027, 3, 29): "Easter Monday",
    date(2027, 5, 6): "Ascension Day",
    date(2027, 5, 16): "Pentecost",
    date(2027, 5, 17): "Pentecost Monday",
    date(2027, 12, 25): "Christmas Day",
    date(2027, 12, 26): "Second Day of Christmas",
}
CANBERRA = {
    date(2027, 1, 1): "New Year's Day",
    date(2027, 1, 26): "Australia Day",
    date(2027, 3, 8): "Canberra Day",
    date(2027, 3, 26): "Good Friday",
    date(2027, 3, 27): "Easter Saturday",
    date(2027, 3, 28): "Easter Sunday",
    date(2027, 3, 29): "Easter Monday",
    date(2027, 4, 26): "ANZAC Day",
    date(2027, 5, 31): "Reconciliation Day",
    date(2027, 6, 14): "King's Birthday",
    date(2027, 10, 4): "Labour Day",
    date(2027, 12, 25): "Christmas Day",
    date(2027, 12, 26): "Boxing Day",
    date(2027, 12, 27): "Christmas Day (observed)",
    date(2027, 12, 28): "Boxing Day (observed)",
}
BRITISH_COLUMBIA = {
    date(2026, 1, 1): "New Year's Day",
    date(2026, 2, 16): "Family Day",
    date(2026, 4, 3): "Good Friday",
    date(2026, 5, 18): "Victoria Day",
    date(2026, 7, 1): "Canada Day",
    date(2026, 8, 3): "British Columbia Day",
    date(2026, 9, 7): "Labour Day",
    date(2026, 9, 30): "National Day for Truth and Reconciliation",
    date(2026, 10, 12): "Thanksgiving Day",
    date(2026, 11, 11): "Remembrance Day",
    date(2026, 12, 25): "Christmas Day",
}


def of_year(of: PublicHolidays, year: int) -> dict[date, str]:
    days = (date(year, 1, 1) + timedelta(days=number) for number in range(365))
    return {day: name for day in days if (name := of.name_on(day)) is not None}


@pytest.mark.parametrize(
    ("country", "region", "year", "expected"),
    [
        ("US", "WA", 2027, WASHINGTON),
        ("GB", "ENG", 2027, ENGLAND),
        ("DK", None, 2027, DENMARK),
        ("AU", "ACT", 2027, CANBERRA),
        ("CA", "BC", 2026, BRITISH_COLUMBIA),
    ],
)
def test_holidays_of_a_place_are_those_days_and_no_others(
    country: str, region: str | None, year: int, expected: dict[date, str]
) -> None:
    assert of_year(PublicHolidays(country=country, region=region), year) == expected


def test_region_has_its_own_holidays() -> None:
    day = date(2027, 11, 26)
    names = [PublicHolidays(country="US", region=region).name_on(day) for region in (None, "WA", "NY")]
    assert names == [None, "Native American Heritage Day", None]


def test_open_days_and_names_are_no_holidays() -> None:
    some = PublicHolidays(
        country="US",
        region="WA",
        open_on=frozenset({date(2027, 11, 26), date(2027, 11, 27)}),
        open_names=frozenset({"Veterans Day", "Juneteenth National Independence Day", "Christmas Day"}),
    )
    # A name opens the day itself and the day on which it is observed.
    opened = {date(2027, 6, 18), date(2027, 6, 19), date(2027, 11, 11), date(2027, 11, 26)}
    opened |= {date(2027, 12, 24), date(2027, 12, 25)}
    assert of_year(some, 2027) == {day: name for day, name in WASHINGTON.items() if day not in opened}
    assert some.name_on(date(2028, 11, 24)) == "Native American Heritage Day"


NORWAY = [
    ([], "Constitution Day"),
    (["Constitution Day"], "Pentecost Monday"),
    (["Pentecost Monday"], "Constitution Day"),
    (["Constitution Day", "Pentecost Monday"], None),
]


@pytest.mark.parametrize(("opened", "expected"), NORWAY)
def test_day_of_two_holidays_is_closed_while_one_of_them_is(opened: list[str], expected: str | None) -> None:
    norway = PublicHolidays(country="NO", open_names=frozenset(opened))
    assert norway.name_on(date(2027, 5, 17)) == expected


@pytest.mark.parametrize(
    ("country", "day", "name", "plain"),
    [
        ("AE", date(2027, 3, 9), "Eid al-Fitr (estimated)", "Eid al-Fitr"),
        ("BN", date(2027, 6, 7), "Islamic New Year (observed, estimated)", "Islamic New Year"),
        ("LA", date(2027, 5, 3), "International Labor Day (in lieu)", "International Labor Day"),
        ("GG", date(2027, 12, 27), "Christmas Day (substitute day)", "Christmas Day"),
        ("MY", date(2027, 2, 7), "Chinese New Year (Second Day)", "Chinese New Year (Second Day)"),
    ],
)
def test_plain_name_opens_a_day_that_was_moved_or_estimated(country: str, day: date, name: str, plain: str) -> None:
    assert PublicHolidays(country=country).name_on(day) == name
    assert PublicHolidays(country=country, open_names=frozenset({plain})).name_on(day) is None
    assert plain in known_names(country, None, 2027, 1)


@pytest.mark.parametrize(
    ("country", "day", "name"),
    [
        ("CA", date(2027, 9, 6), "Labour Day"),  # the package has English of its own for it
        ("FR", date(2027, 5, 1), "Labor Day"),  # it has not
        ("NZ", date(2027, 10, 25), "Labour Day"),  # it has no other language
        ("ZA", date(2027, 9, 24), "Heritage Day"),
        ("JP", date(2027, 2, 11), "Foundation Day"),
    ],
)
def test_names_are_english(country: str, day: date, name: str) -> None:
    assert PublicHolidays(country=country).name_on(day) == name


PLACES = [
    ("US", None, True),
    ("US", "WA", True),
    ("DK", None, True),
    ("US", "ENG", False),
    ("us", None, False),
    ("GBR", None, False),
    ("UK", None, False),
    ("XX", None, False),
    ("XNYS", None, False),  # the package knows stock exchanges too
    ("", None, False),
    ("US", "", False),
]


@pytest.mark.parametrize(("country", "region", "expected"), PLACES)
def test_place_is_known_by_its_code(country: str, region: str | None, expected: bool) -> None:  # noqa: FBT001 -- a row
    assert is_known_place(country, region) is expected


def test_names_of_several_years_are_known_once_and_plain() -> None:
    names = {name.removesuffix(" (observed)") for name in WASHINGTON.values()}
    assert known_names("US", "WA", 2027, 3) == names
    assert known_names("GB", "ENG", 2022, 1) - known_names("GB", "ENG", 2027, 1) == {
        "Platinum Jubilee of Elizabeth II",
        "State Funeral of Queen Elizabeth II",
    }


EVERYWHERE = holidays.list_supported_countries(include_aliases=False)


def test_every_place_can_be_asked() -> None:
    years = range(2026, 2030)
    empty = {country for country in EVERYWHERE for year in years if not known_names(country, None, year, 1)}
    # Nobody lives there, or war has suspended them, or, in Sri Lanka, they are known up to 2026 only.
    assert empty == {"BV", "HM", "IO", "UA", "LK"}
    regions = [(country, region) for country, regions in EVERYWHERE.items() for region in regions]
    assert len(regions) > 500
    assert all(known_names(country, region, 2027, 1) for country, region in regions)


@pytest.mark.parametrize("year", [1, 2, 1582, 1900, 2100, 9999])
def test_year_without_tables_is_answered_without_a_warning(year: int) -> None:
    for country in EVERYWHERE:
        PublicHolidays(country=country).name_on(date(year, 12, 31))
    assert PublicHolidays(country="IN").name_on(date(2100, 1, 26)) == "Republic Day"
    assert PublicHolidays(country="US").name_on(date(1, 7, 4)) is None
