"""Applying what a clinic's file says of places and times: each change is named, and what the desk says stays."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from booking.domain.ids import DiaryId, EquipmentId
from booking.domain.schedule import Closure, ExtraHours, Hours, WeeklyHours
from booking.domain.time.holidays import PublicHolidays
from booking.domain.time.local import LocalSpan
from booking.domain.time.span import TimeSpan
from booking.domain.time.zone import ZoneName
from booking.domain.treatment import Needs, Suits
from booking.store import absences, clinics, closures, diaries
from booking.store.absences import CLOSED, DESK, FILE, LEAVE
from booking.store.clinics import Description
from booking.store.database import Database
from booking.usecases.absences import (
    AddLeave,
    CloseEquipment,
    RemoveAbsence,
    add_leave,
    close_equipment,
    remove_absence,
)
from booking.usecases.closures import CloseSite, close_site
from tests.clinics import TUESDAY, DullClinic, at, dull, open_clinic
from tests.usecases.test_clinic_file_applying import apply, starts
from tests.usecases.test_clinic_file_exporting import ONE_DAY, export, rich

Data = dict[str, Any]

PACIFIC, MOUNTAIN = ZoneName("America/Los_Angeles"), ZoneName("America/Denver")
MAY = LocalSpan(first=date(2027, 5, 3), last=date(2027, 5, 3))
NOON = LocalSpan(first=date(2027, 5, 3), last=date(2027, 5, 3), start_minute=720, end_minute=780)


def about(clinic: DullClinic) -> Description:
    return clinic.database.read_now(clinics.described, clinic.id)


def equipment(clinic: DullClinic) -> dict[str, EquipmentId]:
    return {one.slug: key for key, one in about(clinic).equipment.items()}


def said(clinic: DullClinic, diary: Any) -> list[tuple[str, LocalSpan, str, str]]:
    """The absences of a diary, as they were said."""
    found = clinic.database.read_now(absences.listed, clinic.id, [DiaryId(diary)])
    return [(one.kind, one.days, one.reason, one.origin) for one in found]


def spans(clinic: DullClinic, diary: Any) -> list[TimeSpan]:
    return [one.span for one in clinic.database.read_now(absences.listed, clinic.id, [DiaryId(diary)])]


# Each change by name. The rich clinic: seattle (rooms room-1 and room-2, devices laser and stim) and spokane (loft).


def set_policy(data: Data) -> None:
    del data["clinic"]["policy"]["same_day_until"]
    data["clinic"]["policy"].update(smallest_gap_minutes=45, region_spacing_hours=24, travel_minutes=0)


def set_same_day(data: Data) -> None:
    data["clinic"]["policy"]["same_day_until"] = "00:00"


def change_travel(data: Data) -> None:
    data["clinic"]["travel"][0]["minutes"] = 210


def remove_travel(data: Data) -> None:
    del data["clinic"]["travel"]


def close_clinic(data: Data) -> None:
    data["clinic"]["closure"].append(ONE_DAY)


def change_meeting(data: Data) -> None:
    data["clinic"]["closure"][0]["reason"] = "Another meeting"


def change_opening(data: Data) -> None:
    data["site"][0]["hours"][0]["to"] = "20:00"


def change_weeks(data: Data) -> None:
    data["site"][0]["hours"][1]["week_of"] = date(2026, 12, 19)


def remove_opening(data: Data) -> None:
    del data["site"][0]["hours"], data["site"][0]["extra"]


def add_extra(data: Data) -> None:
    data["site"][1]["extra"] = data["site"][0]["extra"]


def reopen_site(data: Data) -> None:
    del data["site"][0]["closure"][1]


def change_holidays(data: Data) -> None:
    data["site"][0]["holidays"] = {"country": "CA", "region": "BC", "open": [date(2027, 7, 1)]}


def remove_holidays(data: Data) -> None:
    del data["site"][0]["holidays"]


def change_kinds(data: Data) -> None:
    data["site"][0]["room"][0]["kinds"] = ["private"]


def close_room(data: Data) -> None:
    data["site"][0]["room"][1]["closure"] = [ONE_DAY]


def replace_laser(data: Data) -> None:
    data["site"][0]["equipment"][0].update(slug="laser-2")


def rename_laser(data: Data) -> None:
    data["site"][0]["equipment"][0].update(name="Green laser", closure=[])


def move_stimulator(data: Data) -> None:
    data["site"][1]["equipment"] = [data["site"][0]["equipment"].pop()]
    data["treatment"][0].update(room="any", equipment=["laser"])


def change_needs(data: Data) -> None:
    data["treatment"][0].update(room="quiet", equipment=["laser"], ends_before_closing=30, suits="returning")


def forget_needs(data: Data) -> None:
    for key in ("room", "equipment", "ends_before_closing", "daily_limit", "suits"):
        del data["treatment"][0][key]


def change_limit(data: Data) -> None:
    data["practitioner"][1]["daily_limit"] = 9


def remove_limit(data: Data) -> None:
    del data["practitioner"][1]["daily_limit"]


def change_break(data: Data) -> None:
    data["practitioner"][0]["hours"][0]["breaks"][0]["to"] = "13:00"


def change_turn(data: Data) -> None:
    data["practitioner"][1]["hours"][2]["every_weeks"] = 4


def change_extra(data: Data) -> None:
    data["practitioner"][1]["extra"][0]["to"] = "15:00"


def change_leave(data: Data) -> None:
    data["practitioner"][1]["leave"][1]["from"] = "13:00"


def remove_leave(data: Data) -> None:
    del data["practitioner"][1]["leave"]


CHANGES: list[tuple[Callable[[Data], None], list[str]]] = [
    (
        set_policy,
        ["~ clinic dull (same_day_until: none; smallest_gap_minutes: 45; region_spacing_hours: 24; travel_minutes: 0)"],
    ),
    (set_same_day, ["~ clinic dull (same_day_until: 00:00)"]),
    (change_travel, ["~ clinic dull (travel between seattle and spokane: 210 minutes)"]),
    (remove_travel, ["~ clinic dull (travel between seattle and spokane: as usual)"]),
    (close_clinic, ["~ clinic dull (closure: 1 added)"]),
    (change_meeting, ["~ clinic dull (closure: 1 added, 1 removed)"]),
    (change_opening, ["~ site seattle (hours)"]),
    (change_weeks, ["~ site seattle (hours)"]),
    (remove_opening, ["~ site seattle (hours; extra: 1 removed)"]),
    (add_extra, ["~ site spokane (extra: 1 added)"]),
    (reopen_site, ["~ site seattle (closure: 1 removed)"]),
    (
        change_holidays,
        [
            (
                "~ site seattle (holiday_country: CA; holiday_region: BC; holidays_open_on: 2027-07-01;"
                " holidays_open_names: none)"
            )
        ],
    ),
    (
        remove_holidays,
        [
            (
                "~ site seattle (holiday_country: none; holiday_region: none; holidays_open_on: none;"
                " holidays_open_names: none)"
            )
        ],
    ),
    (change_kinds, ["~ room room-1 (kinds: private)"]),
    (close_room, ["~ room room-2 (closure: 1 added)"]),
    (
        replace_laser,
        ["+ equipment laser-2", "~ equipment laser-2 (closure: 2 added)", "- equipment laser (deactivated)"],
    ),
    (rename_laser, ["~ equipment laser (name: Green laser)", "~ equipment laser (closure: 2 removed)"]),
    (
        move_stimulator,
        [
            "~ equipment stim (another site)",
            "~ treatment needling (room: any; equipment: laser; version: 2)",
        ],
    ),
    (
        change_needs,
        ["~ treatment needling (room: quiet; equipment: laser; ends_before_closing: 30; suits: returning; version: 2)"],
    ),
    (
        forget_needs,
        [
            (
                "~ treatment needling (room: any; equipment: none; ends_before_closing: 0; daily_limit: none;"
                " suits: all; version: 2)"
            )
        ],
    ),
    (change_limit, ["~ practitioner ben (daily_limit: 9)"]),
    (remove_limit, ["~ practitioner ben (daily_limit: none)"]),
    (change_break, ["~ practitioner ada (hours)"]),
    (change_turn, ["~ practitioner ben (hours)"]),
    (change_extra, ["~ practitioner ben (extra: 1 added, 1 removed)"]),
    (change_leave, ["~ practitioner ben (leave: 1 added, 1 removed)"]),
    (remove_leave, ["~ practitioner ben (leave: 2 removed)"]),
]


@pytest.mark.parametrize(("change", "lines"), CHANGES, ids=[change.__name__ for change, _ in CHANGES])
def test_apply_names_each_change_and_then_has_none(
    sqlite: Database, change: Callable[[Data], None], lines: list[str]
) -> None:
    data = rich()
    clinic = open_clinic(sqlite, data)
    before = export(clinic)
    change(data)
    assert list(apply(sqlite, data).changes) == lines
    assert apply(sqlite, data).changes == ()
    assert apply(sqlite, export(clinic)).changes == ()
    apply(sqlite, rich())
    assert export(clinic) == before


def test_apply_says_what_a_rich_file_makes(database: Database) -> None:
    assert apply(database, rich()).changes[2:15] == (
        "+ site seattle",
        "~ site seattle (hours; extra: 1 added; closure: 2 added)",
        "+ room room-1",
        "~ room room-1 (closure: 2 added)",
        "+ room room-2",
        "+ equipment laser",
        "~ equipment laser (closure: 2 added)",
        "+ equipment stim",
        "+ site spokane",
        "+ room loft",
        "~ clinic dull (closure: 1 added; travel between seattle and spokane: 240 minutes)",
        "+ treatment needling",
        "+ treatment talk",
    )
    assert apply(database, rich()).changes == ()


def test_another_way_of_writing_the_same_changes_nothing(sqlite: Database) -> None:
    data = rich()
    open_clinic(sqlite, data)
    ada, ben = data["practitioner"][:2]
    hours = ada["hours"][0]
    breaks = hours.pop("breaks")[0]
    ada["hours"] = [{**hours, "to": breaks["from"]}, {**hours, "from": breaks["to"]}]
    ben["leave"] = [*ben["leave"][::-1], ben["leave"][0]]
    ben["leave"][1].update({"from": "00:00", "to": "24:00"})
    data["clinic"]["travel"][0]["between"].reverse()
    assert apply(sqlite, data).changes == ()


def test_description_says_what_the_file_said(sqlite: Database) -> None:
    clinic = open_clinic(sqlite, rich())
    found = about(clinic)
    seattle, spokane = (clinic.sites[slug] for slug in ("seattle", "spokane"))
    assert found.sites[seattle].holidays == PublicHolidays(
        country="US",
        region="WA",
        open_on=frozenset({date(2026, 11, 27)}),
        open_names=frozenset({"Veterans Day"}),
    )
    assert found.sites[spokane].holidays == PublicHolidays(country="CA")
    assert {one.slug: one.kinds for one in found.rooms.values()} == {
        "loft": frozenset(),
        "room-1": frozenset({"private", "quiet"}),
        "room-2": frozenset(),
    }
    assert [(one.slug, one.kind, one.site_id) for one in found.equipment.values()] == [
        ("laser", "laser", seattle),
        ("stim", "stimulator", seattle),
    ]
    needling = found.treatment_types[clinic.treatments["needling"]]
    needs = Needs(room="private", equipment=frozenset({"laser", "stimulator"}), ends_before_closing=60)
    assert (needling.needs, needling.daily_limit, needling.suits) == (needs, 4, Suits.NEW)
    assert [one.daily_limit for one in found.practitioners.values()] == [None, 8, None]
    policy = found.clinic.policy
    assert (policy.same_day_until, policy.smallest_gap_minutes) == (600, 30)
    assert (policy.region_spacing_hours, policy.travel_minutes) == (48, 30)
    assert found.travel == {frozenset({seattle, spokane}): timedelta(minutes=240)}


def test_timetables_say_what_the_file_said(sqlite: Database) -> None:
    clinic = open_clinic(sqlite, rich())
    seattle, ben = clinic.sites["seattle"], clinic.practitioners["ben"]
    table = about(clinic).timetables[seattle]
    saturday = WeeklyHours(
        practitioner_id=None,
        site_id=seattle,
        weekday=5,
        start_minute=540,
        end_minute=780,
        every_weeks=2,
        week_of=date(2026, 12, 12),
    )
    once = ExtraHours(practitioner_id=None, site_id=seattle, day=date(2027, 1, 16), start_minute=600, end_minute=840)
    assert (len(table.opening.weekly), saturday in table.opening.weekly) == (7, True)
    assert table.opening.extra == (once,)
    shut = LocalSpan(first=date(2027, 5, 3), last=date(2027, 5, 3), start_minute=720)
    week = LocalSpan(first=date(2027, 5, 3), last=date(2027, 5, 7))
    assert sorted(table.closures, key=str) == sorted(
        [
            Closure(site_id=None, days=NOON, reason="Meeting"),
            Closure(site_id=seattle, days=shut),
            Closure(site_id=seattle, days=week, reason="Move"),
        ],
        key=str,
    )
    extra = ExtraHours(practitioner_id=ben, site_id=seattle, day=date(2027, 1, 9), start_minute=600, end_minute=840)
    assert (table.people[ben].extra, len(table.people[ben].weekly)) == ((extra,), 3)
    assert about(clinic).timetables[clinic.sites["spokane"]].opening == Hours()


def test_absences_are_as_the_file_said_by_the_clock_of_their_place(sqlite: Database) -> None:
    clinic = open_clinic(sqlite, rich())
    laser, ben = equipment(clinic)["laser"], clinic.practitioners["ben"]
    assert said(clinic, laser) == [(CLOSED, MAY, "", FILE), (CLOSED, MAY, "Repair", FILE)]
    assert spans(clinic, laser) == [MAY.span(PACIFIC).spans[0]] * 2
    training = LocalSpan(first=date(2027, 5, 1), last=date(2027, 5, 1), start_minute=720, end_minute=1080)
    week = LocalSpan(first=date(2027, 1, 4), last=date(2027, 1, 8))
    assert said(clinic, ben) == [(LEAVE, week, "", FILE), (LEAVE, training, "Training", FILE)]
    assert spans(clinic, ben) == [days.over([PACIFIC, MOUNTAIN]).spans[0] for days in (week, training)]
    assert spans(clinic, clinic.practitioners["cleo"]) == [MAY.span(PACIFIC).spans[0]]  # by the clinic's clock


def test_device_that_is_named_again_comes_back_under_its_id(sqlite: Database) -> None:
    full, fewer = rich(), rich()
    clinic = open_clinic(sqlite, full)
    before = equipment(clinic)
    fewer["treatment"][0]["equipment"] = ["stimulator"]
    del fewer["site"][0]["equipment"][0]
    assert "- equipment laser (deactivated)" in apply(sqlite, fewer).changes
    assert [one.slug for one in about(clinic).equipment_at(clinic.sites["seattle"])] == ["stim"]
    assert apply(sqlite, full).changes[0] == "~ equipment laser (active: true)"
    assert equipment(clinic) == before


def test_only_what_changed_gets_a_new_revision(database: Database) -> None:
    data = rich()
    clinic = open_clinic(database, data)
    whose = {**equipment(clinic), **clinic.rooms, **clinic.practitioners}
    ids = {slug: DiaryId(one) for slug, one in whose.items()}
    before = database.write_now(diaries.lock, clinic.id, ids.values())
    for change in (rename_laser, close_room, change_leave, change_opening, close_clinic):
        change(data)
    apply(database, data)
    after = database.write_now(diaries.lock, clinic.id, ids.values())
    raised = {slug for slug, one in ids.items() if after[one] != before[one]}
    assert raised == {"laser", "room-2", "ben"}


# What was entered at the desk.


def on_leave(clinic: DullClinic, days: LocalSpan = MAY, reason: str = "", whose: str = "ada") -> Any:
    command = AddLeave(practitioner=clinic.practitioners[whose], days=days, reason=reason)
    return clinic.database.write_now(add_leave, clinic.manager, command).absence.id


def test_absences_of_the_desk_survive(database: Database) -> None:
    data = rich()
    clinic = open_clinic(database, data)
    ben, stim = clinic.practitioners["ben"], equipment(clinic)["stim"]
    on_leave(clinic, reason="ill", whose="ben")
    database.write_now(close_equipment, clinic.manager, CloseEquipment(equipment=stim, days=NOON, reason="broken"))
    assert apply(database, data).changes == ()
    remove_leave(data)
    assert apply(database, data).changes == ("~ practitioner ben (leave: 2 removed)",)
    assert said(clinic, ben) == [(LEAVE, MAY, "ill", DESK)]
    assert said(clinic, stim) == [(CLOSED, NOON, "broken", DESK)]


def test_export_lists_what_the_desk_entered_and_changes_nothing(database: Database) -> None:
    clinic = open_clinic(database, rich())
    on_leave(clinic, NOON, "dentist")
    shut = CloseSite(site=clinic.sites["spokane"], days=MAY, reason="flood")
    database.write_now(close_site, clinic.manager, shut)
    exported = export(clinic)
    assert exported["practitioner"][0]["leave"] == [{**ONE_DAY, "from": "12:00", "to": "13:00", "reason": "dentist"}]
    assert exported["site"][1]["closure"] == [{**ONE_DAY, "reason": "flood"}]
    assert apply(database, exported).changes == ()
    assert [one[3] for one in said(clinic, clinic.practitioners["ada"])] == [DESK]


def test_what_the_desk_said_is_not_doubled_when_the_file_says_the_same(sqlite: Database) -> None:
    data = rich()
    clinic = open_clinic(sqlite, data)
    ada = clinic.practitioners["ada"]
    entered = on_leave(clinic, reason="ill")
    data["practitioner"][0]["leave"] = [{**ONE_DAY, "reason": "ill"}]
    assert apply(sqlite, data).changes == ()
    assert said(clinic, ada) == [(LEAVE, MAY, "ill", DESK)]
    sqlite.write_now(remove_absence, clinic.manager, RemoveAbsence(absence=entered))
    assert apply(sqlite, data).changes == ("~ practitioner ada (leave: 1 added)",)
    assert said(clinic, ada) == [(LEAVE, MAY, "ill", FILE)]
    on_leave(clinic, reason="ill")
    assert apply(sqlite, data).changes == ()
    assert sorted(one[3] for one in said(clinic, ada)) == [DESK, FILE]
    assert export(clinic)["practitioner"][0]["leave"] == [{**ONE_DAY, "reason": "ill"}]


def test_closures_of_the_desk_survive_and_are_not_doubled(database: Database) -> None:
    data = dull()
    clinic = open_clinic(database, data)
    for site in (clinic.sites["seattle"], None):
        database.write_now(close_site, clinic.manager, CloseSite(site=site, days=MAY, reason="flood"))
    data["site"][0]["closure"] = data["clinic"]["closure"] = [{**ONE_DAY, "reason": "flood"}]
    assert apply(database, data).changes == ()
    data["site"][0]["closure"] = [{**ONE_DAY, "reason": "flood"}, {**ONE_DAY, "reason": "fire"}]
    assert apply(database, data).changes == ("~ site seattle (closure: 1 added)",)
    data["clinic"]["closure"], data["site"][0]["closure"] = [], []
    assert apply(database, data).changes == ("~ site seattle (closure: 1 removed)",)
    listed = database.read_now(closures.listed, clinic.id)
    assert [(one.days, one.reason, one.origin) for one in listed] == [(MAY, "flood", DESK)] * 2


# Whichever clock an absence goes by.


def test_absences_move_with_the_zone_of_their_place(database: Database) -> None:
    data = dull(ben={"hours": []})
    clinic = open_clinic(database, data)
    data["site"][0]["room"][0]["closure"] = [ONE_DAY]
    apply(database, data)
    on_leave(clinic)
    on_leave(clinic, whose="ben")
    ids = database.read_now(absences.listed, clinic.id)
    data["site"][0]["zone"] = "America/Denver"
    assert apply(database, data).changes == (
        "~ site seattle (zone: America/Denver)",
        "~ room room-1 (closure: 1 moved)",
        "~ practitioner ada (leave: 1 moved)",
    )
    there = MAY.span(MOUNTAIN).spans[0]
    assert spans(clinic, clinic.rooms["room-1"]) == [there]
    assert spans(clinic, clinic.practitioners["ada"]) == [there]
    assert spans(clinic, clinic.practitioners["ben"]) == [MAY.span(PACIFIC).spans[0]]  # by the clinic's clock
    assert {one.id for one in database.read_now(absences.listed, clinic.id)} == {one.id for one in ids}
    assert apply(database, data).changes == ()


@pytest.mark.parametrize("key", ["hours", "extra"])
def test_leave_of_the_desk_moves_with_the_sites_of_a_person(sqlite: Database, key: str) -> None:
    data = dull()
    data["site"].append({**data["site"][0], "slug": "spokane", "zone": "America/Denver", "room": []})
    clinic = open_clinic(sqlite, data)
    on_leave(clinic)
    when = {"days": ["sat"]} if key == "hours" else {"date": date(2027, 5, 1)}
    data["practitioner"][0].setdefault(key, []).append({"site": "spokane", **when, "from": "09:00", "to": "12:00"})
    name = "hours" if key == "hours" else "extra: 1 added"
    assert apply(sqlite, data).changes == (f"~ practitioner ada ({name}; leave: 1 moved)",)
    assert spans(clinic, clinic.practitioners["ada"]) == [MAY.over([PACIFIC, MOUNTAIN]).spans[0]]


def test_leave_of_the_desk_in_an_hour_that_the_new_clock_skips_stays_where_it_is(sqlite: Database) -> None:
    data = dull()
    data["site"][0]["zone"] = "America/Phoenix"
    clinic = open_clinic(sqlite, data)
    days = LocalSpan(first=date(2027, 3, 14), last=date(2027, 3, 14), start_minute=120, end_minute=180)
    on_leave(clinic, days)
    before = spans(clinic, clinic.practitioners["ada"])
    data["site"][0]["zone"] = "America/Denver"
    assert apply(sqlite, data).changes == ("~ site seattle (zone: America/Denver)",)
    assert spans(clinic, clinic.practitioners["ada"]) == before


# What is offered. Ada is there from 09:00 to 17:00, with a visit of 30 minutes and 5 after it.

ALL_DAY = [f"{hour:02}:00" for hour in range(9, 17)]
ON_TUESDAY = {"first": TUESDAY, "last": TUESDAY}


@pytest.mark.parametrize(
    ("change", "offered"),
    [
        (lambda data: data["site"][0].update(hours=[{"days": ["tue"], "from": "10:00", "to": "13:00"}]), ALL_DAY[1:4]),
        (lambda data: data["site"][0].update(hours=[{"days": ["mon"], "from": "10:00", "to": "13:00"}]), []),
        (lambda data: data["site"][0].update(extra=[{"date": TUESDAY, "from": "10:00", "to": "12:00"}]), ALL_DAY[1:3]),
        (lambda data: data["site"][0].update(closure=[{**ON_TUESDAY, "from": "11:00"}]), ALL_DAY[:2]),
        (lambda data: data["clinic"].update(closure=[{**ON_TUESDAY, "to": "15:00"}]), ALL_DAY[6:]),
        (lambda data: data["site"][0].update(room=[{"slug": "one", "name": "One", "closure": [ON_TUESDAY]}]), []),
        (
            lambda data: data["practitioner"][0].update(leave=[{**ON_TUESDAY, "from": "10:00", "to": "15:00"}]),
            ["09:00", "15:00", "16:00"],
        ),
        (
            lambda data: data["practitioner"][0]["hours"][0].update(breaks=[{"from": "10:00", "to": "15:00"}]),
            ["09:00", "15:00", "16:00"],
        ),
        (
            lambda data: data["practitioner"][0]["hours"][0].update(every_weeks=2, week_of=TUESDAY + timedelta(days=7)),
            [],
        ),
        (
            lambda data: data["practitioner"][0].update(
                extra=[{"site": "seattle", "date": TUESDAY, "from": "18:00", "to": "20:00"}]
            ),
            [*ALL_DAY, "18:00", "19:00"],
        ),
        (lambda data: data["treatment"][0].update(ends_before_closing=120), ALL_DAY[:6]),
    ],
)
def test_what_the_file_says_is_offered_at_once(
    sqlite: Database, change: Callable[[Data], None], offered: list[str]
) -> None:
    data = dull()
    clinic = open_clinic(sqlite, data)
    assert starts(clinic) == ALL_DAY
    change(data)
    apply(sqlite, data)
    assert starts(clinic) == offered


def test_visit_needs_its_device(sqlite: Database) -> None:
    data = dull()
    data["site"][0]["equipment"] = [{"slug": "stim", "name": "Stimulator", "kind": "stimulator"}]
    data["treatment"][0]["equipment"] = ["stimulator"]
    clinic = open_clinic(sqlite, data)
    visit = clinic.book(at(TUESDAY, 10)).appointment
    assert visit.equipment_ids == frozenset(equipment(clinic).values())
    data["site"][0]["equipment"][0]["closure"] = [{**ON_TUESDAY, "from": "11:00", "to": "12:00"}]
    apply(sqlite, data)
    assert starts(clinic) == [one for one in ALL_DAY if one not in ("10:00", "11:00")]
