"""When somebody may give a treatment over a stretch of days, and what is asked of them then."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from booking.domain.errors import InvalidInput, NotFound, NotPermitted
from booking.domain.permission import Role
from booking.store.database import Database
from booking.usecases.credentials import SuspendCredential, suspend
from booking.usecases.views.eligibility import explain_eligibility
from booking.usecases.views.eligibility_period import Period, PeriodQuery, explain_period
from tests.clinics import DullClinic, at, dull, open_clinic
from tests.usecases.test_supervising import supervised

FIRST, LAST = date(2026, 11, 1), date(2028, 12, 31)
LAST_OF_LICENCE = date(2027, 12, 31)
DAY = timedelta(days=1)


def query(clinic: DullClinic, **changes: Any) -> PeriodQuery:
    plain = PeriodQuery(
        treatment_type=clinic.treatments["needling"],
        practitioner=clinic.practitioners["ada"],
        site=clinic.sites["seattle"],
        first=FIRST,
        last=LAST,
    )
    return replace(plain, **changes)


def period(clinic: DullClinic, **changes: Any) -> Period:
    caller = changes.pop("caller", clinic.reception)
    return clinic.database.read_now(explain_period, caller, query(clinic, **changes))


def stretches(found: Period) -> list[tuple[date, date, list[str]]]:
    return [(one.first, one.last, [reason.rule for reason in one.reasons]) for one in found.stretches]


def test_time_line_follows_the_file_and_the_rules(database: Database) -> None:
    clinic = open_clinic(database)
    licence = clinic.credentials["ada", "licence"]
    hole = SuspendCredential(credential=licence, reason="board order", first=date(2027, 2, 1), last=date(2027, 2, 28))
    database.write_now(suspend, clinic.manager, hole)
    found = period(clinic)
    assert stretches(found) == [
        (FIRST, date(2027, 1, 31), []),
        (date(2027, 2, 1), date(2027, 2, 28), ["licence"]),
        (date(2027, 3, 1), LAST_OF_LICENCE, []),
        (LAST_OF_LICENCE + DAY, LAST, ["licence"]),
    ]
    assert [one.reasons[0].true_from for one in found.stretches if not one.may] == [date(2027, 3, 1), None]
    assert found.rules is not None
    assert (found.rules.jurisdiction, found.rules.version) == ("US-WA", "2026-11-25")


def test_each_day_says_what_its_visits_are_told(sqlite: Database) -> None:
    data = dull()
    data["practitioner"][0]["credential"][1] |= {"valid_from": date(2026, 11, 20), "valid_until": date(2026, 12, 2)}
    clinic = open_clinic(sqlite, data)
    found = period(clinic, last=date(2026, 12, 31))
    assert [one.may for one in found.stretches] == [False, True, False]
    for one in found.stretches:
        for day in (one.first, one.last):
            alone = sqlite.read_now(explain_eligibility, clinic.reception, clinic.wanted(at(day, 10)))
            assert alone.reasons == one.reasons


def test_what_waits_for_the_visit_is_told_beside_it(sqlite: Database) -> None:
    found = period(open_clinic(sqlite))
    assert [one.id for one in found.before_start] == ["consent"]
    assert [one.say for one in found.duties][:1] == ["Stay with the patient throughout"]


def test_nobody_who_may_not_has_duties(sqlite: Database) -> None:
    data = dull()
    data["practitioner"][0]["credential"] = []
    found = period(open_clinic(sqlite, data))
    assert (len(found.stretches), found.stretches[0].may, found.duties) == (1, False, ())


def test_treatment_without_needles_is_asked_of_no_rule(sqlite: Database) -> None:
    data = dull()
    data["treatment"].append({"slug": "talk", "name": "Talk", "minutes": 15})
    clinic = open_clinic(sqlite, data)
    found = period(clinic, treatment_type=clinic.treatments["talk"])
    assert (stretches(found), found.before_start, found.duties) == ([(FIRST, LAST, [])], (), ())


def test_regions_are_some_of_the_treatments(sqlite: Database) -> None:
    data = dull()
    data["treatment"][0]["regions"] = ["lumbar", "thorax"]
    clinic = open_clinic(sqlite, data)
    assert period(clinic).regions == {"lumbar", "thorax"}
    assert period(clinic, regions=frozenset({"thorax"})).regions == {"thorax"}
    with pytest.raises(InvalidInput):
        period(clinic, regions=frozenset({"knee"}))


@pytest.mark.parametrize(
    ("first", "last", "field"),
    [
        (date(2026, 11, 2), date(2026, 11, 1), "to"),
        (date(2026, 1, 1), date(2026, 1, 1) + 800 * DAY, "to"),
        (date(1999, 12, 31), date(2000, 1, 1), "from"),
        (date(2199, 12, 31), date(2200, 1, 1), "from"),
    ],
)
def test_days_that_cannot_be_asked_for_are_refused(
    shared_clinic: DullClinic, first: date, last: date, field: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        period(shared_clinic, first=first, last=last)
    assert refused.value.details["field"] == field


@pytest.mark.parametrize(
    ("first", "last"),
    [(date(2026, 1, 1), date(2026, 1, 1) + 799 * DAY), (date(2000, 1, 1), date(2000, 1, 1)), (LAST, LAST)],
)
def test_days_that_just_can_be_asked_for_are_answered(shared_clinic: DullClinic, first: date, last: date) -> None:
    found = period(shared_clinic, first=first, last=last)
    assert (found.stretches[0].first, found.stretches[-1].last) == (first, last)


@pytest.fixture
def shared_clinic(sqlite: Database) -> DullClinic:
    return open_clinic(sqlite)


def test_single_day_that_the_clock_skipped_is_refused(sqlite: Database) -> None:
    data = dull()
    data["site"][0]["zone"] = "Pacific/Apia"
    clinic, skipped = open_clinic(sqlite, data), date(2011, 12, 30)
    with pytest.raises(InvalidInput, match="skipped"):
        period(clinic, first=skipped, last=skipped)
    assert stretches(period(clinic, first=skipped - DAY, last=skipped + DAY))[0][:2] == (skipped - DAY, skipped + DAY)


def test_practitioners_ask_about_themselves_alone(sqlite: Database) -> None:
    clinic = open_clinic(sqlite, dull(ben={}))
    ada = clinic.caller(Role.PRACTITIONER, practitioner_id=clinic.practitioners["ada"])
    assert period(clinic, caller=ada).stretches[0].may
    with pytest.raises(NotPermitted):
        period(clinic, caller=ada, practitioner=clinic.practitioners["ben"])
    with pytest.raises(NotPermitted):
        period(clinic, caller=clinic.public)


def test_what_is_unknown_is_not_found(shared_clinic: DullClinic) -> None:
    for field in ("treatment_type", "practitioner", "site"):
        with pytest.raises(NotFound):
            period(shared_clinic, **{field: shared_clinic.id})


def test_whoever_may_under_supervision_may_as_if_supervisors_were_always_there(sqlite: Database) -> None:
    clinic = supervised(sqlite)
    pia = clinic.practitioners["pia"]
    found = period(clinic, practitioner=pia)
    told = [(one.may, one.last, [who.slug for way in one.supervision for who in way.by]) for one in found.stretches]
    assert told == [(True, LAST_OF_LICENCE, ["ada"]), (False, LAST, [])]
    wanted = clinic.wanted(at(FIRST, 4), "pia")
    alone = sqlite.read_now(explain_eligibility, clinic.reception, wanted)
    assert (alone.reasons, alone.supervision) == ((), found.stretches[0].supervision)
    assert period(clinic).stretches[0].supervision == ()
