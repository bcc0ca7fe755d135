"""The sweep against answers worked out by hand; one clinic in London, whose day is told by its clock."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from tests.clinics import dull
from tests.oracle.sweep import Offer, State, Visit, obstacles, offered
from tests.oracle.wall import DAY, changes, reached, wall
from tests.sources import ROOT, imports, read

TUESDAY = date(2026, 11, 24)
SPRING, AUTUMN = date(2027, 3, 28), date(2027, 10, 31)
LONDON = "Europe/London"
NO_DEVICES = frozenset[str]()


def hours(*stretches: str, days: Iterable[str] = ("tue",), site: str = "seattle", **more: Any) -> list[dict[str, Any]]:
    """`hours("09:00-10:00")`."""
    found = []
    for one in stretches:
        start, end = one.split("-")
        found.append({"site": site, "days": list(days), "from": start, "to": end, **more})
    return found


def clinic(*stretches: str, **more: Any) -> dict[str, Any]:
    """Ada in London, an hour a visit and a grid of half an hour, no notice; `more` changes Ada."""
    data = dull()
    data["clinic"]["policy"] = {"grid_minutes": 30, "notice_minutes": 0, "horizon_days": 365}
    data["site"][0]["zone"] = LONDON
    data["treatment"][0].update(minutes=60, buffer_after=0)
    data["practitioner"][0].update({"hours": hours(*stretches or ("09:00-11:00",)), **more})
    return data


def shown(offers: list[Offer], zone: str = LONDON) -> str:
    return " ".join(f"{wall(one.start, zone):%H:%M}" for one in offers)


def times(
    data: dict[str, Any],
    *visits: Visit,
    day: date = TUESDAY,
    now: datetime = datetime(2026, 11, 1, tzinfo=UTC),
    staff: bool = False,
    treatment: str = "needling",
) -> str:
    state = State(clinic=data, visits=visits, now=now, staff=staff)
    return shown(offered(state, treatment, day, day))


def visit(hour: int, minute: int = 0, *, room: str | None = "room-1", **more: Any) -> Visit:
    start = datetime(2026, 11, 24, hour, minute, tzinfo=UTC)
    usual = {"practitioner": "ada", "site": "seattle", "devices": NO_DEVICES, "treatment": "needling"}
    return Visit(room=room, start=start, **{**usual, **more})


def test_sweep_imports_nothing_of_what_it_judges() -> None:
    files = [read(ROOT / "tests" / "oracle" / f"{name}.py") for name in ("wall", "places", "sweep")]
    own = {line.module for source in files for line in imports(source) if line.module.startswith(("booking", "tests"))}
    assert own == {"tests.oracle.wall", "tests.oracle.places"}


def test_reached_is_the_first_time_and_after_a_gap() -> None:
    assert reached(SPRING, 90, LONDON) == datetime(2027, 3, 28, 1, tzinfo=UTC)
    assert reached(AUTUMN, 90, LONDON) == datetime(2027, 10, 31, 0, 30, tzinfo=UTC)
    assert reached(AUTUMN, 120, LONDON) == datetime(2027, 10, 31, 2, tzinfo=UTC)
    assert changes(LONDON, date(2027, 1, 1), date(2027, 12, 31)) == (SPRING, AUTUMN)


def test_visit_lies_in_the_hours_and_its_buffers_need_not() -> None:
    data = clinic("09:00-11:00", "11:00-11:30", "14:00-15:00")
    data["treatment"][0].update(buffer_before=30, buffer_after=30)
    assert times(data) == "09:00 09:30 10:00 10:30 14:00"


def test_visits_keep_their_buffers_free() -> None:
    data = clinic("09:00-13:00")
    assert times(data, visit(10)) == "09:00 11:00 11:30 12:00"
    data["treatment"][0]["buffer_before"] = 5
    assert times(data, visit(10)) == "11:30 12:00"
    data["treatment"][0].update(buffer_before=0, buffer_after=5)
    assert times(data, visit(11)) == "09:00 09:30"


def test_hold_stands_until_it_expires_and_not_in_its_own_way() -> None:
    now = datetime(2026, 11, 23, tzinfo=UTC)
    data = clinic("09:00-11:00")
    assert times(data, visit(9, expires=now + timedelta(seconds=1)), now=now) == "10:00"
    assert times(data, visit(9, expires=now), now=now) == "09:00 09:30 10:00"
    assert times(data, visit(9, expires=now + DAY, own=True), now=now) == "09:00 09:30 10:00"


def test_hours_hold_in_their_weeks_between_their_days_and_not_in_breaks() -> None:
    data = clinic()
    (mine,) = data["practitioner"][0]["hours"] = hours("09:00-13:00", breaks=[{"from": "10:00", "to": "11:30"}])
    assert times(data) == "09:00 11:30 12:00"
    mine.update(every_weeks=2, week_of=TUESDAY + 5 * DAY)
    assert [bool(times(data, day=TUESDAY + number * DAY)) for number in (0, 7, 14, -14)] == [True, False, True, True]
    mine.update(every_weeks=1, valid_from=TUESDAY + DAY)
    assert [bool(times(data, day=TUESDAY + number * DAY)) for number in (0, 7)] == [False, True]
    mine.update(valid_until=TUESDAY + 7 * DAY)
    assert [bool(times(data, day=TUESDAY + number * DAY)) for number in (7, 14)] == [True, False]


def test_extra_hours_add_to_the_weekly_ones() -> None:
    extra = [{"site": "seattle", "date": TUESDAY, "from": "11:00", "to": "12:00"}]
    assert times(clinic("09:00-11:00", extra=extra)) == "09:00 09:30 10:00 10:30 11:00"
    assert times(clinic("09:00-11:00", extra=extra), day=TUESDAY + 7 * DAY) == "09:00 09:30 10:00"


def test_site_with_hours_is_shut_outside_them() -> None:
    data = clinic("09:00-12:00")
    data["site"][0]["extra"] = [{"date": TUESDAY, "from": "10:00", "to": "11:30"}]
    assert (times(data), times(data, day=TUESDAY + 7 * DAY)) == ("10:00 10:30", "")


def test_closures_are_one_stretch_by_the_clock_of_the_site() -> None:
    data = clinic("09:00-12:00")
    data["site"][0]["closure"] = [{"first": TUESDAY - DAY, "last": TUESDAY, "from": "17:00", "to": "10:00"}]
    assert times(data) == "10:00 10:30 11:00"
    data["clinic"]["closure"] = [{"first": TUESDAY, "last": TUESDAY + DAY, "from": "11:00"}]
    assert times(data) == "10:00"
    data["clinic"]["closure"] = [{"first": TUESDAY, "last": TUESDAY}]
    assert times(data) == ""


def test_public_holidays_close_unless_they_are_kept_open() -> None:
    thanksgiving = date(2026, 11, 26)
    data = clinic()
    data["practitioner"][0]["hours"] = hours("09:00-10:00", days=("thu", "fri"))
    chosen = data["site"][0]["holidays"] = {"country": "US", "region": "WA"}
    week = (thanksgiving, thanksgiving + DAY, thanksgiving + 7 * DAY)
    assert [times(data, day=day) for day in week] == ["", "", "09:00"]
    chosen["open"] = ["Thanksgiving Day", thanksgiving + DAY]  # type: ignore[assignment]  # a list beside texts
    assert [times(data, day=day) for day in week] == ["09:00", "09:00", "09:00"]


def test_visit_ends_before_its_site_closes() -> None:
    data = clinic("09:00-12:00")
    data["treatment"][0]["ends_before_closing"] = 60
    assert times(data) == "09:00 09:30 10:00"
    data["site"][0]["hours"] = hours("09:00-13:30")
    assert times(data) == "09:00 09:30 10:00 10:30 11:00"
    data["site"][0]["closure"] = [{"first": TUESDAY, "last": TUESDAY, "from": "13:00"}]
    assert times(data) == "09:00 09:30 10:00 10:30 11:00"
    data["site"][0]["closure"] = [{"first": TUESDAY, "last": TUESDAY, "from": "12:30"}]
    assert times(data) == "09:00 09:30 10:00 10:30"


def test_site_that_is_open_over_midnight_closes_after_it() -> None:
    data = clinic()
    data["treatment"][0]["ends_before_closing"] = 60
    data["practitioner"][0]["hours"] = hours("22:00-24:00") + hours("00:00-00:30", days=("wed",))
    assert times(data) == "22:00 22:30"
    assert times(data, day=TUESDAY + DAY) == ""


def test_site_without_hours_closes_when_the_last_leaves_whoever_is_away() -> None:
    data = clinic("09:00-11:00")
    data["treatment"][0]["ends_before_closing"] = 60
    away = [{"first": TUESDAY, "last": TUESDAY}]
    data["practitioner"].append(
        {**data["practitioner"][0], "slug": "ben", "hours": hours("12:00-13:00"), "leave": away}
    )
    assert times(data) == "09:00 09:30 10:00"


def test_leave_keeps_buffers_free_too() -> None:
    away = [{"first": TUESDAY, "last": TUESDAY, "from": "10:30", "to": "11:00"}]
    data = clinic("09:00-13:00", leave=away)
    assert times(data) == "09:00 09:30 11:00 11:30 12:00"
    data["treatment"][0].update(buffer_before=15, buffer_after=15)
    assert times(data) == "09:00 11:30 12:00"


def test_leave_goes_by_the_clocks_of_all_sites_with_hours() -> None:
    data = clinic("09:00-18:00", leave=[{"first": TUESDAY, "last": TUESDAY, "from": "11:00", "to": "12:00"}])
    data["site"].append({**data["site"][0], "slug": "york", "zone": "America/New_York"})
    data["practitioner"][0]["hours"] += hours("11:00-14:00", site="york")
    state = State(clinic=data, now=datetime(2026, 11, 1, tzinfo=UTC))
    assert shown(offered(state, "needling", TUESDAY, TUESDAY, "seattle")) == "09:00 09:30 10:00 17:00"
    assert shown(offered(state, "needling", TUESDAY, TUESDAY, "york"), "America/New_York") == "12:00 12:30 13:00"


def test_visit_elsewhere_is_a_way_off() -> None:
    data = clinic("09:00-14:00")
    data["site"].append({**data["site"][0], "slug": "york"})
    assert times(data, visit(11, site="york")) == "09:00 09:30 10:00 12:00 12:30 13:00"
    data["clinic"]["policy"]["travel_minutes"] = 30
    assert times(data, visit(11, site="york")) == "09:00 09:30 12:30 13:00"
    data["clinic"]["travel"] = [{"between": ["york", "seattle"], "minutes": 60}]
    assert times(data, visit(11, site="york")) == "09:00 13:00"
    data["treatment"][0]["buffer_after"] = 5
    assert times(data, visit(11, site="york")) == ""


def test_visit_needs_a_room_of_its_kind() -> None:
    data = clinic("09:00-12:00")
    data["practitioner"].append({**data["practitioner"][0], "slug": "ben"})
    one, other = data["site"][0]["room"]
    by_ben = [visit(9, practitioner="ben"), visit(9, practitioner="ben", room="room-2")]
    assert times(data, *by_ben[:1]) == "09:00 09:30 10:00 10:00 10:30 10:30 11:00 11:00"
    assert times(data, *by_ben) == "10:00 10:00 10:30 10:30 11:00 11:00"
    data["treatment"][0]["room"] = "private"
    assert times(data) == ""
    one["kinds"] = ["private"]
    one["closure"] = [{"first": TUESDAY, "last": TUESDAY, "from": "09:30", "to": "10:30"}]
    assert times(data) == "10:30 10:30 11:00 11:00"
    other["kinds"] = ["private", "large"]
    assert times(data, visit(10, room="room-2", practitioner="cleo")) == "09:00 09:00 10:30 10:30 11:00 11:00"
    data["treatment"][0]["room"] = "none"
    assert times(data, *by_ben) == "09:00 09:30 10:00 10:00 10:30 10:30 11:00 11:00"
    del data["site"][0]["room"]
    data["treatment"][0]["room"] = "any"
    assert times(data) == "09:00 09:00 09:30 09:30 10:00 10:00 10:30 10:30 11:00 11:00"


def test_visit_needs_a_device_of_each_kind() -> None:
    data = clinic("09:00-12:00")
    data["treatment"][0]["equipment"] = ["stimulator", "lamp"]
    devices = [{"slug": "s-1", "name": "S", "kind": "stimulator"}, {"slug": "lamp", "name": "L", "kind": "lamp"}]
    data["site"][0]["equipment"] = devices[:1]
    assert times(data) == ""
    data["site"][0]["equipment"] = devices
    assert times(data) == "09:00 09:30 10:00 10:30 11:00"
    assert times(data, visit(9, practitioner="ben", devices=frozenset({"lamp"}))) == "10:00 10:30 11:00"
    devices[0]["closure"] = [{"first": TUESDAY, "last": TUESDAY, "from": "11:30"}]  # type: ignore[assignment]  # a list
    assert times(data) == "09:00 09:30 10:00 10:30"


def test_law_holds_for_each_day_that_the_visit_touches() -> None:
    data = clinic()
    data["practitioner"][0]["hours"] = hours("22:00-24:00") + hours("00:00-02:00", days=("wed",))
    licence, _endorsement, training = data["practitioner"][0]["credential"]
    licence["valid_until"] = TUESDAY
    assert (times(data), times(data, day=TUESDAY + DAY)) == ("22:00 22:30 23:00", "")
    licence["valid_until"], training["valid_from"] = TUESDAY + DAY, TUESDAY + DAY
    assert (times(data), times(data, day=TUESDAY + DAY)) == ("", "00:00 00:30 01:00")
    training["suspension"] = [{"first": TUESDAY + DAY}]
    assert times(data, day=TUESDAY + DAY) == ""
    data["treatment"][0].update(regions=[], techniques=[])
    assert times(data) == "22:00 22:30 23:00 23:30"


def test_gap_is_skipped_and_the_overlap_is_two_hours() -> None:
    data = clinic()
    data["practitioner"][0]["hours"] = hours("00:00-03:00", days=("sun",))
    data["treatment"][0]["minutes"] = 30
    assert times(data, day=SPRING) == "00:00 00:30 02:00 02:30"
    assert times(data, day=AUTUMN) == "00:00 00:30 01:00 01:30 01:00 01:30 02:00 02:30"
    data["practitioner"][0]["hours"] = hours("01:00-01:30", days=("sun",))
    assert (times(data, day=SPRING), times(data, day=AUTUMN)) == ("", "01:00")


def test_patients_have_a_grid_notice_and_a_horizon_and_staff_only_today() -> None:
    data = clinic("09:00-11:00")
    data["clinic"]["policy"].update(notice_minutes=60, horizon_days=7)
    noon = datetime(2026, 11, 24, 8, 30, tzinfo=UTC)
    assert times(data, now=noon) == "09:30 10:00"
    assert times(data, now=noon + 2 * timedelta(seconds=1)) == "10:00"
    assert times(data, now=noon - 7 * DAY + timedelta(hours=1)) == "09:00 09:30"
    assert times(data, now=noon, staff=True) == "09:00 09:30 10:00"
    assert times(data, now=noon + timedelta(hours=1), staff=True) == "09:30 10:00"


def test_staff_may_book_more_than_they_are_offered() -> None:
    data = clinic("09:00-11:00")
    five_past = datetime(2026, 11, 24, 9, 5, tzinfo=UTC)
    asked = ("needling", "seattle", "ada")
    late, too_late = (State(clinic=data, now=five_past + timedelta(hours=hour), staff=True) for hour in (14, 15))
    assert (obstacles(late, *asked, five_past), obstacles(too_late, *asked, five_past)) == (set(), {"too-short-notice"})
    assert obstacles(late, *asked, five_past + timedelta(minutes=1)) == {"outside-hours"}
    assert obstacles(State(clinic=data, now=five_past - DAY), *asked, five_past) == {"outside-hours"}


def test_same_day_is_until_an_hour_of_that_day() -> None:
    data = clinic("09:00-11:00")
    data["clinic"]["policy"]["same_day_until"] = "08:00"
    eight = datetime(2026, 11, 24, 8, tzinfo=UTC)
    assert times(data, now=eight - timedelta(seconds=1)) == "09:00 09:30 10:00"
    assert (times(data, now=eight), times(data, now=eight - DAY)) == ("", "09:00 09:30 10:00")
    data["clinic"]["policy"]["same_day_until"] = "00:00"
    assert (times(data, now=eight - 8 * timedelta(hours=1)), times(data, now=eight, staff=True) != "") == ("", True)


def test_useless_gaps_are_left_out_where_others_are_left() -> None:
    data = clinic("09:00-12:00")
    data["clinic"]["policy"].update(smallest_gap_minutes=60)
    assert times(data) == "09:00 10:00 11:00"
    assert (times(data, visit(10)), times(data, staff=True)) == ("09:00 11:00", "09:00 09:30 10:00 10:30 11:00")
    data["clinic"]["policy"].update(smallest_gap_minutes=90)
    assert times(data) == "09:00 11:00"
    data["treatment"][0]["minutes"] = 30
    assert times(data, visit(10, 15), visit(11, 30)) == "09:00 09:30 11:00"
    data["practitioner"][0]["hours"] = hours("09:15-10:35")
    assert times(data) == "09:30 10:00"


def test_gap_ends_at_midnight() -> None:
    data = clinic()
    data["clinic"]["policy"].update(smallest_gap_minutes=60)
    data["practitioner"][0]["hours"] = hours("21:30-24:00") + hours("00:00-01:30", days=("wed",))
    assert (times(data), times(data, day=TUESDAY + DAY)) == ("21:30 23:00 23:30", "00:00 00:30")


def test_time_that_nobody_may_ask_for_any_more_still_counts_as_tidy() -> None:
    data = clinic("09:00-11:00")
    data["clinic"]["policy"].update(smallest_gap_minutes=60)
    assert times(data, now=datetime(2026, 11, 24, 9, 15, tzinfo=UTC)) == "10:00"
    data["practitioner"][0]["hours"] = hours("09:00-11:15")
    assert (times(data), times(data, now=datetime(2026, 11, 24, 9, 15, tzinfo=UTC))) == ("09:00", "")


def test_days_fill_up() -> None:
    data = clinic("09:00-13:00", daily_limit=2)
    assert times(data, visit(9)) == "10:00 10:30 11:00 11:30 12:00"
    assert times(data, visit(9), visit(12)) == ""
    assert times(data, visit(9), visit(12, expires=datetime(2026, 11, 1, tzinfo=UTC))) != ""
    assert times(data, visit(9), visit(12, own=True, expires=datetime(2027, 11, 1, tzinfo=UTC))) != ""
    assert times(data, visit(9), visit(12), staff=True) != ""
    assert times(data, visit(9), visit(12), day=TUESDAY + 7 * DAY) != ""
    del data["practitioner"][0]["daily_limit"]
    data["treatment"][0]["daily_limit"] = 1
    data["treatment"].append({**data["treatment"][0], "slug": "other"})
    assert (times(data, visit(9)), times(data, visit(9), treatment="other") != "") == ("", True)


@pytest.mark.parametrize(
    ("clock", "codes"),
    [
        ("10:00", {"slot-taken"}),
        ("09:15", {"outside-hours", "slot-taken"}),
        ("08:00", {"outside-hours", "too-short-notice"}),
        ("11:00", set()),
        ("14:00", {"outside-hours", "beyond-horizon"}),
    ],
)
def test_every_obstacle_is_named(clock: str, codes: set[str]) -> None:
    data = clinic("09:00-12:00")
    data["clinic"]["policy"]["horizon_days"] = 1
    now = datetime(2026, 11, 23, 13, tzinfo=UTC)
    if clock == "08:00":
        now = datetime(2026, 11, 24, 8, 30, tzinfo=UTC)
    start = datetime.fromisoformat(f"2026-11-24T{clock}:00+00:00")
    assert obstacles(State(clinic=data, visits=(visit(10),), now=now), "needling", "seattle", "ada", start) == codes
