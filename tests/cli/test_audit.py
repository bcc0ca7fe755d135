"""`booking audit`: of visits and claims, of the whole record, and of one decision."""

from datetime import UTC, datetime
from uuid import uuid4

import pytest

from booking.domain.appointment import Appointment
from booking.store.seals import Seal
from booking.usecases import sealing
from tests.cli.command import Run
from tests.cli.test_database import clinic_at, spoil
from tests.clinics import dull, open_clinic

NOW = datetime(2026, 11, 23, 16, tzinfo=UTC)
ON_TUESDAY = datetime(2026, 11, 24, 18, tzinfo=UTC)
NO_GUARDS = [f"DROP TRIGGER decision_no_{verb}" for verb in ("update", "delete")]
GUARDS = [
    f"CREATE TRIGGER decision_no_{verb.lower()} BEFORE {verb} ON decision"
    " BEGIN SELECT RAISE(ABORT, 'decision is append-only'); END"
    for verb in ("UPDATE", "DELETE")
]


def test_audit_of_a_sound_clinic(run: Run, sqlite_url: str) -> None:
    with clinic_at(sqlite_url, datetime(2026, 11, 23, 16, tzinfo=UTC)) as clinic:
        clinic.book(datetime(2026, 11, 24, 18, tzinfo=UTC))
    ran = run("audit")
    assert (ran.code, ran.out) == (0, ["Dull Clinic: 1 appointment, 3 claims: no violation."])


def test_audit_names_each_violation_and_fails(run: Run, sqlite_url: str) -> None:
    with clinic_at(sqlite_url, datetime(2026, 11, 23, 16, tzinfo=UTC)) as clinic:
        visit = clinic.book(datetime(2026, 11, 24, 18, tzinfo=UTC)).appointment
    spoil(sqlite_url, "DELETE FROM claim")
    ran = run("audit")
    assert ran.code == 1
    assert sorted(ran.out[:-1]) == sorted(
        f"claim-missing  {visit.id}  it takes no time of diary {diary}" for diary in visit.diaries
    )
    assert ran.out[-1] == "Dull Clinic: 1 appointment, 0 claims: 3 violations."


def test_audit_of_one_clinic_among_several(run: Run, sqlite_url: str) -> None:
    other = dull()
    other["clinic"].update(slug="other", name="Other Clinic")
    with clinic_at(sqlite_url, datetime(2026, 11, 23, 16, tzinfo=UTC)) as clinic:
        clinic.book(datetime(2026, 11, 24, 18, tzinfo=UTC))
        open_clinic(clinic.database, other)
    spoil(sqlite_url, "DELETE FROM claim")
    assert run("audit").out[-1] == "Other Clinic: 0 appointments, 0 claims: no violation."
    assert [run("audit", "--clinic", slug).code for slug in ("dull", "other", "none")] == [1, 0, 1]
    assert run("audit").code == 1


def test_audit_before_there_is_a_clinic(run: Run) -> None:
    ran = run("audit")
    assert (ran.code, ran.out) == (0, ["There is no clinic yet, and nothing to check."])


def test_audit_of_decisions_before_anything_is_sealed(run: Run, sqlite_url: str) -> None:
    with clinic_at(sqlite_url, NOW) as clinic:
        clinic.book(ON_TUESDAY)
    ran = run("audit", "--decisions")
    assert (ran.code, ran.out) == (
        0,
        [
            "Dull Clinic: 0 rows under 0 seals, 6 waiting for one; 1 decision made again: no violation.",
            "Dull Clinic: nothing is sealed yet; is `booking worker` running?",
        ],
    )


@pytest.fixture
def sealed(sqlite_url: str) -> tuple[Appointment, Seal]:
    """A visit, and the seal that its history is under."""
    with clinic_at(sqlite_url, NOW) as clinic:
        visit = clinic.book(ON_TUESDAY).appointment
        seal = clinic.database.write_now(sealing.seal, clinic.id)
    assert seal is not None
    return visit, seal


def test_audit_of_decisions_says_what_the_last_seal_is(run: Run, sealed: tuple[Appointment, Seal]) -> None:
    _visit, seal = sealed
    told = [
        "Dull Clinic: 6 rows under 1 seal, 0 waiting for one; 1 decision made again: no violation.",
        f"Dull Clinic: the last seal, 1, is of 2026-11-23T16:00:00+00:00; its digest is {seal.digest}",
    ]
    for arguments in ((), ("--head", seal.digest)):
        ran = run("audit", "--decisions", *arguments)
        assert (ran.code, ran.out) == (0, told)


def test_audit_of_decisions_misses_a_head_that_was_written_down(run: Run, sealed: tuple[Appointment, Seal]) -> None:
    ran = run("audit", "--decisions", "--head", "0" * 64)
    assert ran.code == 1
    assert ran.out[0].startswith("head-missing  ")
    assert ran.out[0].endswith("the chain was cut off or made anew since that was written down")
    assert ran.out[1].endswith(": 1 violation.")


def test_head_is_compared_with_seals_alone(run: Run) -> None:
    ran = run("audit", "--head", "0" * 64)
    assert (ran.code, ran.err) == (1, ["booking: A head is compared with the seals: --head goes with --decisions."])


def test_audit_of_decisions_names_each_violation_and_fails(
    run: Run, sqlite_url: str, sealed: tuple[Appointment, Seal]
) -> None:
    """The guards are made again, as whoever hides something would."""
    spoil(
        sqlite_url,
        *NO_GUARDS,
        """UPDATE decision SET body = replace(body, '"held": true', '"held": false')""",
        *GUARDS,
    )
    ran = run("audit", "--decisions")
    assert (ran.code, [line.split()[0] for line in ran.out[:2]]) == (1, ["record-altered", "replay-differs"])
    assert ran.out[2].endswith("1 decision made again: 2 violations.")


def test_audit_of_decisions_of_another_evaluator(
    run: Run, sealed: tuple[Appointment, Seal], environment: pytest.MonkeyPatch
) -> None:
    environment.setattr("booking.usecases.replay.EVALUATOR", "99")
    ran = run("audit", "--decisions")
    other = "; 1 decision that only an earlier version of this program could make"
    assert (ran.code, ran.out[0].endswith(f"1 decision made again: no violation{other}.")) == (0, True)


def test_audit_of_decisions_tells_how_far_it_is(
    run: Run, sealed: tuple[Appointment, Seal], environment: pytest.MonkeyPatch
) -> None:
    environment.setattr("booking.cli.audit.TELL_EVERY_SECONDS", -1.0)
    ran = run("audit", "--decisions")
    assert (ran.err[0], ran.err[-1]) == ("… 6 rows, 0 decisions", "… 6 rows, 1 decision")


def test_one_decision_is_told_and_made_again(run: Run, sealed: tuple[Appointment, Seal]) -> None:
    visit, _seal = sealed
    ran = run("audit", "--decision", str(visit.id))
    assert ran.code == 0
    assert ran.out[0].endswith(f" of 2026-11-23T16:00:00+00:00, on the visit {visit.id}")
    assert ran.out[1] == (
        "  Ada Byrne, physical therapist, was allowed to needle lumbar by trigger point at seattle,"
        " Tuesday 24 November 2026, 10:00 to 10:30 (America/Los_Angeles)."
    )
    assert any("licence PT-1, US-WA" in line for line in ran.out)
    assert ran.out[-2:] == [
        "  Asked again with the rules and credentials as they were, the answer is the same.",
        "  It is under seal 1.",
    ]
    decision = ran.out[0].split()[1]
    assert run("audit", "--decision", decision).out == ran.out


def test_one_decision_that_cannot_be_made_again_is_told(
    run: Run, sqlite_url: str, sealed: tuple[Appointment, Seal]
) -> None:
    spoil(sqlite_url, "UPDATE rule_text SET body = 'nothing'")
    ran = run("audit", "--decision", str(sealed[0].id))
    assert (ran.code, ran.out[1], ran.out[3]) == (1, "  It cannot be asked again:", "  It is under seal 1.")


def test_one_decision_that_was_altered_is_told(run: Run, sqlite_url: str, sealed: tuple[Appointment, Seal]) -> None:
    spoil(sqlite_url, *NO_GUARDS, "UPDATE decision SET at = at + 1", *GUARDS)
    ran = run("audit", "--decision", str(sealed[0].id))
    assert (ran.code, ran.out[-3:]) == (
        1,
        [
            "  It is under seal 1.",
            "    this decision does not come to its own digest",
            "    this decision is not what it was when seal 1 was made",
        ],
    )


def test_decision_that_is_not_there(run: Run, sealed: tuple[Appointment, Seal]) -> None:
    ran = run("audit", "--decision", str(uuid4()))
    assert (ran.code, ran.out, len(ran.err)) == (1, [], 1)
    assert run("audit", "--decision", "ada").code == 2
    assert run("audit", "--decision", str(uuid4()), "--decisions").code == 2
