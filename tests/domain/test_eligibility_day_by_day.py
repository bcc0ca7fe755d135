"""The rule over spans of time against the same rule told day by day, for random files of practitioners."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from booking.domain.credential import Credential, Suspension, Verification
from booking.domain.eligibility import Eligibility, Reason, evaluate
from booking.domain.ids import CredentialId
from booking.domain.rules import parse_rules
from booking.domain.time.span import TimeSpan
from booking.domain.time.zone import ZoneName, zone_name
from tests.domain import day_by_day
from tests.domain.factories import make_ask

EVERYLAND = parse_rules(day_by_day.INVENTED)
DAY = timedelta(days=1)
Change = tuple[str, str, Any]
PROFESSIONS = ["physical_therapist"] * 6 + ["athletic_trainer", "athletic_trainer", "chiropractor", "podiatrist"]
# Clocks that change at midnight (Cairo, Havana), by half an hour, and at an hour of the night.
ZONES = [zone_name(name) for name in ("Africa/Cairo", "America/Havana", "Australia/Lord_Howe", "Europe/London", "UTC")]

# Few days, many of them neighbours, so that files meet, touch and just miss one another and the rules' own days.
DATES = [
    *(date(2024, 2, 28) + DAY * n for n in range(3)),
    *(date(2024, 3, 31) + DAY * n for n in range(2)),
    *(date(2025, 3, 1) + DAY * n for n in range(2)),
    *(date(2025, 12, 31) + DAY * n for n in range(3)),
    *(date(2026, 6, 30) + DAY * n for n in range(2)),
    date(2022, 2, 28),
    date(2023, 1, 1),
    date(2027, 10, 31),
]
days = st.sampled_from(DATES)
maybe_days = st.none() | days
ends = maybe_days | st.just(date.max)
regions = st.frozensets(st.sampled_from(["knee", "knee", "thorax", "upper_trapezius", "head_face"]), min_size=1)
techniques = st.sampled_from(["trigger_point"] * 4 + ["electro"]).map(lambda one: frozenset({one}))
short_holes = st.builds(
    lambda first, length: Suspension(first=first, last=first + DAY * length),
    days,
    st.integers(0, 60),
)
suspensions = st.lists(short_holes | st.builds(Suspension, first=days, last=ends), min_size=1, max_size=2).map(tuple)
verifications = st.sampled_from([Verification.VERIFIED] * 6 + [Verification.PENDING, Verification.REJECTED])
places = st.sampled_from(["XX", "XX", "YY", None])
attributes = {
    "hours_total": st.sampled_from([20, 30, 50, -30, True, "50"]),
    "in_person": st.sampled_from([True, False, 1]),
    "supervised_sessions": st.sampled_from([5, 20, 25]),
    "subject": st.sampled_from(["dry_needling", "acupuncture"]),
    "grade": st.sampled_from(["a", 2, "b", True]),
    "earned": days.map(str) | st.just("soon"),
    "restricted": st.booleans(),
    "register": st.sampled_from(["general", "provisional"]),
}
times = {
    "valid_from": maybe_days,
    "valid_until": ends,
    "suspensions": suspensions,
    "verification": verifications,
}
others = {
    "profession": st.sampled_from(["physical_therapist", "athletic_trainer", None]),
    "jurisdiction": places,
    "home": places,
    "regions": st.none() | regions,
    "techniques": st.none() | techniques,
}


def one_of(kind: str, choices: dict[str, st.SearchStrategy[Any]]) -> st.SearchStrategy[Change]:
    """A change of one of these: what kind of thing it is, its name and its value."""
    named = [st.tuples(st.just(kind), st.just(name), values) for name, values in choices.items()]
    return st.one_of(named)


changes = st.lists(
    one_of("field", times) | one_of("field", others) | one_of("attribute", attributes), min_size=1, max_size=3
)
_PT = {"profession": "physical_therapist", "jurisdiction": "XX", "valid_from": date(2023, 1, 1)}
_AT = {**_PT, "profession": "athletic_trainer"}
# What a complete file would hold; each random file takes some of these, some of them changed.
PLAIN: list[dict[str, Any]] = [
    {"kind": "licence", **_PT},
    {"kind": "licence", **_PT, "jurisdiction": "YY"},
    {"kind": "licence", **_AT},
    {"kind": "compact_privilege", **_PT, "home": "YY"},
    {"kind": "indemnity"},
    {"kind": "indemnity", "regions": frozenset({"knee"})},
    {"kind": "training", "attributes": {"hours_total": 30, "in_person": True, "supervised_sessions": 20}},
    {"kind": "training", "attributes": {"hours_total": 20, "in_person": True, "supervised_sessions": 5}},
    {"kind": "training", "attributes": {"hours_total": 30, "subject": "acupuncture"}},
    {"kind": "endorsement", "jurisdiction": "XX", "attributes": {"grade": "a"}},
]


def credential(number: int, plain: dict[str, Any], changed: list[Change]) -> Credential:
    made = {"verification": Verification.VERIFIED, **plain}
    made |= {name: value for kind, name, value in changed if kind == "field"}
    made["attributes"] = {
        **plain.get("attributes", {}),
        **{name: value for kind, name, value in changed if kind == "attribute"},
    }
    return Credential(id=CredentialId(UUID(int=number)), slug=f"c{number}", **made)


# Of each plain credential: none, the plain one most often, or one that was changed.
entries = st.tuples(*(st.sampled_from([None, [], [], [], "change", "change"]) for _ in PLAIN))


@st.composite
def files(draw: st.DrawFn) -> list[Credential]:
    chosen = list(zip(PLAIN, draw(entries), strict=True))
    return [
        credential(number, plain, draw(changes) if choice == "change" else [])
        for number, (plain, choice) in enumerate(chosen, 1)
        if choice is not None
    ]


def midnight(day: date, zone: ZoneName) -> datetime:
    """The first instant of the day, without the help of the code under test."""
    return datetime.combine(day, time(), ZoneInfo(zone)).astimezone(UTC)


def turning_points(file: list[Credential]) -> list[date]:
    """Every day on which anything can change, and the days before and after."""
    found = {day for grant in EVERYLAND.grants for day in (grant.first, grant.last) if day}
    for one in file:
        found |= {day for day in (one.valid_from, one.valid_until) if day}
        found |= {day for hole in one.suspensions for day in (hole.first, hole.last) if day}
        earned = str(one.attributes.get("earned", "soon"))
        found |= {date.fromisoformat(earned)} if len(earned) == 10 else set()
    found -= {date.max}
    found |= {day_by_day.anniversary(day, years) for day in found for years in (1, 2)}
    return sorted({day + DAY * step for day in found for step in (-1, 0, 1)})


@settings(max_examples=500, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    profession=st.sampled_from(PROFESSIONS),
    file=files(),
    asked_regions=regions,
    asked_techniques=techniques,
    zone=st.sampled_from(ZONES),
    chance=st.randoms(use_true_random=False),
)
def test_spans_and_reasons_agree_with_every_day(
    profession: str,
    file: list[Credential],
    asked_regions: frozenset[str],
    asked_techniques: frozenset[str],
    zone: ZoneName,
    chance: Any,
) -> None:
    ask = make_ask(*file, profession=profession, regions=asked_regions, techniques=asked_techniques, zone=zone)
    eligibility = evaluate(EVERYLAND, ask)

    def refused(*on: date) -> set[Any]:
        return day_by_day.refused(profession, file, set(asked_regions), set(asked_techniques), list(on))

    points = turning_points(file)
    for day in points:
        whole_day = TimeSpan(midnight(day, zone), midnight(day + DAY, zone))
        assert eligibility.spans.covers(whole_day) is (not refused(day))
        assert any(span.overlaps(whole_day) for span in eligibility.spans) is (not refused(day))
    edges = {edge for span in eligibility.spans for edge in (span.start, span.end) if 2000 < edge.year < 9000}
    assert edges <= {midnight(day, zone) for day in points}
    for day in chance.sample(points, 4):
        reasons = check_reasons(eligibility, at_ten(day, zone), refused(day))
        check_reasons(eligibility, across_midnight(day, zone), refused(day, day + DAY))
        later = [one for one in points if one > day]
        for reason in reasons:
            if reason.grant and not reason.rule.startswith(("scope.", "limit.")):
                known = (profession, file, set(asked_regions), set(asked_techniques))
                assert reason.true_from == day_by_day.met_from(reason.grant, reason.rule, *known, later)


def at_ten(day: date, zone: ZoneName) -> TimeSpan:
    start = midnight(day, zone) + timedelta(hours=10)
    return TimeSpan(start, start + timedelta(minutes=30))


def across_midnight(day: date, zone: ZoneName) -> TimeSpan:
    end_of_day = midnight(day + DAY, zone)
    return TimeSpan(end_of_day - timedelta(minutes=30), end_of_day + timedelta(minutes=30))


def check_reasons(eligibility: Eligibility, span: TimeSpan, expected: set[Any]) -> tuple[Reason, ...]:
    reasons = eligibility.reasons(span)
    assert {(reason.grant, reason.rule) for reason in reasons} == expected
    assert (reasons == ()) is eligibility.spans.covers(span)
    assert len(reasons) == len(expected)
    assert all(text for reason in reasons for text in (reason.need, reason.have, reason.fix))
    return reasons
