"""Which steps can be taken by whom, and when."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from booking.domain.ids import ClinicId
from booking.domain.lifecycle import Status, Step
from booking.domain.permission import Caller, Role
from booking.domain.steps import may_be_confirmed, open_steps, usual_step
from tests.domain.factories import an_id, visit
from tests.web.factories import make_appointment

DAY = date(2026, 11, 24)
SPAN = visit(DAY)
BOOKED = make_appointment()
DESK = Caller(clinic_id=ClinicId(an_id("clinic")), role=Role.RECEPTION)
OWN = replace(DESK, role=Role.PRACTITIONER, practitioner_id=BOOKED.practitioner_id)
PATIENT = replace(DESK, role=Role.PATIENT, appointment_id=BOOKED.id)
A_MOMENT = timedelta(microseconds=1)
MIDNIGHT = SPAN.start - timedelta(hours=10)
ANY_TIME = (Step.CANCEL, Step.ENTER_IN_ERROR)


@pytest.mark.parametrize(
    ("now", "steps"),
    [
        (MIDNIGHT - A_MOMENT, ANY_TIME),
        (MIDNIGHT, (Step.CHECK_IN, Step.START, *ANY_TIME)),
        (SPAN.start - A_MOMENT, (Step.CHECK_IN, Step.START, *ANY_TIME)),
        (SPAN.start, (Step.CHECK_IN, Step.START, Step.RECORD_NO_SHOW, *ANY_TIME)),
    ],
)
def test_steps_open_with_the_day_and_with_the_visit(now: datetime, steps: tuple[Step, ...]) -> None:
    assert open_steps(DESK, BOOKED, now) == steps


def test_steps_are_for_whoever_may_take_them() -> None:
    assert open_steps(OWN, BOOKED, SPAN.start) == (Step.CHECK_IN, Step.START, Step.RECORD_NO_SHOW)
    assert open_steps(replace(OWN, practitioner_id=None), BOOKED, SPAN.start) == ()
    assert open_steps(PATIENT, BOOKED, SPAN.start) == (Step.CANCEL,)


@pytest.mark.parametrize(
    ("status", "usual"),
    [
        (Status.REQUESTED, Step.ACCEPT),
        (Status.BOOKED, Step.CHECK_IN),
        (Status.ARRIVED, Step.START),
        (Status.IN_TREATMENT, Step.COMPLETE),
        (Status.FULFILLED, None),
        (Status.CANCELLED, None),
        (Status.NO_SHOW, None),
        (Status.ENTERED_IN_ERROR, None),
    ],
)
def test_usual_step_leads_to_the_usual_end(status: Status, usual: Step | None) -> None:
    one = replace(BOOKED, status=status)
    assert usual_step(one, open_steps(DESK, one, SPAN.start)) is usual
    assert usual_step(one, ()) is None


def test_visit_is_confirmed_once_while_it_lies_ahead() -> None:
    before = SPAN.start - A_MOMENT
    assert [may_be_confirmed(who, BOOKED, before) for who in (PATIENT, DESK, OWN)] == [True, True, False]
    assert not may_be_confirmed(replace(PATIENT, appointment_id=None), BOOKED, before)
    assert not may_be_confirmed(PATIENT, BOOKED, SPAN.start)
    assert not may_be_confirmed(PATIENT, replace(BOOKED, confirmed_at=before), before)
    assert not may_be_confirmed(PATIENT, replace(BOOKED, status=Status.REQUESTED), before)
