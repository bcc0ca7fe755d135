"""Reading policy, sites, holidays, rooms, devices, ways between sites and what treatments need."""

from datetime import date

import pytest

from booking.domain.policy import BookingPolicy
from booking.domain.time.holidays import PublicHolidays
from booking.usecases.clinic_file import read_clinic
from booking.usecases.clinic_file.model import EquipmentFile, RoomFile, TravelFile
from tests.usecases.test_clinic_file_reading import PLAIN, faults_of

SITE = 'site "missoula"'
HOLIDAYS = f"{SITE}, holidays"
TREATMENT = 'treatment "needling"'
ROOM = 'name = "Larch room"'
DEVICE = '[[site.equipment]]\nslug = "stim"\nname = "Stimulator"\nkind = "stimulator"\n'
BUTTE = """
[[site]]
slug = "butte"
name = "Butte"
address = "1 Park Street, Butte"
zone = "America/Denver"
jurisdiction = "US-MT"
"""


def policy(line: str) -> str:
    return PLAIN.replace("grid_minutes = 20", line)


def room(line: str) -> str:
    return PLAIN.replace(ROOM, f"{ROOM}\n{line}")


def treatment(line: str, text: str = PLAIN) -> str:
    return text.replace("minutes = 30", f"minutes = 30\n{line}")


def holidays(*lines: str) -> str:
    return "\n".join((PLAIN, "[site.holidays]", *lines, ""))


def travel(between: str, minutes: str = "45") -> str:
    return f"[[clinic.travel]]\nbetween = {between}\nminutes = {minutes}\n"


MONTANA = (
    "Christmas Day, Columbus Day, Election Day, Independence Day, Juneteenth National Independence Day, Labor Day,"
    " Lincoln's and Washington's Birthdays, Martin Luther King Jr. Day, Memorial Day, New Year's Day, Thanksgiving Day,"
    " Veterans Day"
)

FAULTS: list[tuple[str, str]] = [
    # what patients may do
    (policy("grid_minutes = 7"), "clinic, policy: grid_minutes must be one of 5, 10, 15, 20, 30, 60"),
    (policy('same_day_until = "10:03"'), "clinic, policy: same_day_until must be a multiple of 5 minutes"),
    (policy('same_day_until = "25:00"'), "clinic, policy: same_day_until must look like \"09:30\", not '25:00'"),
    (policy("same_day_until = 600"), "clinic, policy: same_day_until must be text in quotes"),
    (policy("smallest_gap_minutes = 245"), "clinic, policy: smallest_gap_minutes must be from 0 to 240"),
    (policy("smallest_gap_minutes = 12"), "clinic, policy: smallest_gap_minutes must be a multiple of 5"),
    (policy("region_spacing_hours = 721"), "clinic, policy: region_spacing_hours must be from 0 to 720"),
    (policy("travel_minutes = 1445"), "clinic, policy: travel_minutes must be from 0 to 1440"),
    (policy("travel_minutes = 4"), "clinic, policy: travel_minutes must be a multiple of 5"),
    # from one site to another
    (PLAIN + BUTTE + travel('["butte"]'), "clinic, travel 1: between must name two sites"),
    (PLAIN + BUTTE + travel('["butte", "butte"]'), "clinic, travel 1: between names a word twice"),
    (PLAIN + BUTTE + travel('"butte"'), "clinic, travel 1: between must be a list of one or more words"),
    (
        (PLAIN + BUTTE + travel('["butte"]')).replace('between = ["butte"]\n', ""),
        "clinic, travel 1: between must name two sites",
    ),
    (PLAIN + BUTTE + travel('["butte", "helena"]'), "clinic, travel 1: 'helena' is no site of this file"),
    (PLAIN + BUTTE + travel('["butte", "missoula"]', "1441"), "clinic, travel 1: minutes must be from 0 to 1440"),
    (PLAIN + BUTTE + travel('["butte", "missoula"]', "7"), "clinic, travel 1: minutes must be a multiple of 5"),
    (
        PLAIN + BUTTE + travel('["butte", "missoula"]') + travel('["missoula", "butte"]'),
        'the file: there are two: travel between "butte and missoula"',
    ),
    # public holidays
    (holidays('country = "USA"'), f"{HOLIDAYS}: country must look like US, not 'USA'"),
    (holidays('region = "MT"'), f"{HOLIDAYS}: country is missing"),
    (holidays('country = "QQ"'), f"{HOLIDAYS}: there are no public holidays on record for the country 'QQ'"),
    (
        holidays('country = "US"', 'region = "QQ"'),
        f"{HOLIDAYS}: there are no public holidays on record for the region 'QQ' of the country 'US'",
    ),
    (
        holidays('country = "US"', 'region = "MT"', 'open = ["Veteran\'s Day"]'),
        f'{HOLIDAYS}: open has an unknown holiday: "Veteran\'s Day"; there are {MONTANA}',
    ),
    (
        holidays('country = "US"', "open = [2026]"),
        f"{HOLIDAYS}: open must have names of holidays, and days such as 2026-11-27",
    ),
    (
        holidays('country = "US"', "open = [2026-11-27T00:00:00]"),
        f"{HOLIDAYS}: open must have names of holidays, and days such as 2026-11-27",
    ),
    (
        holidays('country = "US"', "open = [2200-07-04]"),
        f"{HOLIDAYS}: open must have days from 1970-01-01 to 2199-12-31",
    ),
    (holidays('country = "US"', "shut = []"), f"{HOLIDAYS}: unknown key: 'shut'"),
    # rooms and devices
    (room('kinds = ["Private"]'), f"{SITE}, room \"larch\": kinds must look like private, not 'Private'"),
    (room("kinds = []"), f'{SITE}, room "larch": kinds must be a list of one or more words'),
    (
        room('kinds = ["any", "none"]'),
        (
            f"{SITE}, room \"larch\": kinds cannot be 'any', which has a meaning of its own\n"
            f"{SITE}, room \"larch\": kinds cannot be 'none', which has a meaning of its own"
        ),
    ),
    (
        PLAIN + DEVICE.replace('"stimulator"', '"none"'),
        f"{SITE}, equipment \"stim\": kind cannot be 'none', which has a meaning of its own",
    ),
    (
        PLAIN + DEVICE.replace('"stimulator"', '"TENS unit"'),
        f"{SITE}, equipment \"stim\": kind must look like stimulator, not 'TENS unit'",
    ),
    (PLAIN + DEVICE.replace('kind = "stimulator"\n', ""), f'{SITE}, equipment "stim": kind is missing'),
    (PLAIN + DEVICE + "watts = 5", f"{SITE}, equipment \"stim\": unknown key: 'watts'"),
    (PLAIN + DEVICE + DEVICE, 'the file: there are two: equipment "stim"'),
    # what a visit needs
    (treatment('room = "Private"'), f"{TREATMENT}: room must look like private, not 'Private'"),
    (treatment("room = 1"), f"{TREATMENT}: room must be text in quotes"),
    (treatment('room = "private"'), f"{TREATMENT}: no site has a room of the kind 'private'"),
    (treatment('equipment = ["any"]'), f"{TREATMENT}: equipment cannot be 'any', which has a meaning of its own"),
    (
        treatment('equipment = ["laser", "ultrasound"]'),
        (
            f"{TREATMENT}: no site has equipment of the kind 'laser'\n"
            f"{TREATMENT}: no site has equipment of the kind 'ultrasound'"
        ),
    ),
    (
        treatment('room = "private"\nequipment = ["stimulator"]', room('kinds = ["private"]') + BUTTE + DEVICE),
        f"{TREATMENT}: no site has all of it: a room of the kind 'private', equipment of the kind 'stimulator'",
    ),
    (treatment("ends_before_closing = 725"), f"{TREATMENT}: ends_before_closing must be from 0 to 720"),
    (treatment("ends_before_closing = 31"), f"{TREATMENT}: ends_before_closing must be a multiple of 5"),
    (treatment("daily_limit = 0"), f"{TREATMENT}: daily_limit must be from 1 to 200"),
    (treatment("daily_limit = 201"), f"{TREATMENT}: daily_limit must be from 1 to 200"),
    (treatment('suits = "old"'), f"{TREATMENT}: suits has an unknown word: 'old'"),
    (
        PLAIN.replace('profession = "chiropractor"', 'profession = "chiropractor"\ndaily_limit = 0'),
        'practitioner "ada": daily_limit must be from 1 to 200',
    ),
]


@pytest.mark.parametrize(("text", "faults"), FAULTS)
def test_fault_is_named_with_its_place(text: str, faults: str) -> None:
    assert text != PLAIN
    assert faults_of(text) == faults.split("\n")


def test_policy_may_say_everything() -> None:
    lines = "notice_minutes = 0\nhorizon_days = 730\nsmallest_gap_minutes = 240\nregion_spacing_hours = 720"
    read = read_clinic(policy(f'grid_minutes = 5\n{lines}\ntravel_minutes = 1440\nsame_day_until = "00:00"')).clinic
    assert read.policy == BookingPolicy(
        grid_minutes=5,
        notice_minutes=0,
        horizon_days=730,
        same_day_until=0,
        smallest_gap_minutes=240,
        region_spacing_hours=720,
        travel_minutes=1440,
    )


def test_what_is_left_out_of_places_is_nothing() -> None:
    file = read_clinic(PLAIN)
    site, one = file.sites[0], file.treatments[0]
    assert (site.holidays, site.hours, site.extra, site.closures, site.equipment) == (None, (), (), (), ())
    assert site.rooms == (RoomFile(slug="larch", name="Larch room", kinds=frozenset(), closures=()),)
    assert (file.clinic.closures, file.clinic.travel) == ((), ())
    assert (one.room, one.equipment, one.ends_before_closing, one.daily_limit, one.suits) == (
        "any",
        frozenset(),
        0,
        None,
        "all",
    )
    assert file.practitioners[0].daily_limit is None


def test_sites_go_by_public_holidays_but_for_some() -> None:
    text = holidays('country = "US"', 'region = "MT"', 'open = ["Election Day", 2026-11-27, "Columbus Day"]')
    assert read_clinic(text).sites[0].holidays == PublicHolidays(
        country="US",
        region="MT",
        open_on=frozenset({date(2026, 11, 27)}),
        open_names=frozenset({"Election Day", "Columbus Day"}),
    )


@pytest.mark.parametrize("adopted", ["0001-01-01", "9999-12-31"])
def test_holidays_are_looked_up_whenever_rules_were_adopted(adopted: str) -> None:
    text = holidays('country = "US"', 'open = ["Christmas"]').replace(
        "adopted_on = 2026-11-22", f"adopted_on = {adopted}"
    )
    assert faults_of(text)[0].startswith(f"{HOLIDAYS}: open has an unknown holiday: 'Christmas'; there are ")


def test_way_between_two_sites_is_the_same_both_ways() -> None:
    ways = read_clinic(PLAIN + BUTTE + travel('["missoula", "butte"]')).clinic.travel
    assert ways == (TravelFile(between=frozenset({"butte", "missoula"}), minutes=45),)


def test_treatments_ask_for_kinds_that_there_are() -> None:
    text = treatment('room = "private"\nequipment = ["stimulator"]', room('kinds = ["private", "quiet"]') + DEVICE)
    file = read_clinic(treatment('suits = "new"\nends_before_closing = 60\ndaily_limit = 200', text))
    site, one = file.sites[0], file.treatments[0]
    assert site.rooms[0].kinds == frozenset({"private", "quiet"})
    assert site.equipment == (EquipmentFile(slug="stim", name="Stimulator", kind="stimulator", closures=()),)
    assert (one.room, one.equipment, one.ends_before_closing, one.daily_limit, one.suits) == (
        "private",
        frozenset({"stimulator"}),
        60,
        200,
        "new",
    )


@pytest.mark.parametrize("word", ["any", "none"])
def test_treatments_may_do_with_any_room_or_none(word: str) -> None:
    assert read_clinic(treatment(f'room = "{word}"')).treatments[0].room == word
