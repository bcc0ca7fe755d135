"""Who may call what: every role at every operation."""

import pytest

from tests.api.world import OPERATIONS, World

CAST = ("anybody", "patient", "other patient", "ada", "ben", "reception", "manager", "stranger")
# The visit is the patient's, with Ada. 200 stands for any answer that is not a matter of permission.
EXPECTED = {
    "listTreatmentTypes": (200, 200, 200, 200, 200, 200, 200, 401),
    "listPractitioners": (200, 200, 200, 200, 200, 200, 200, 401),
    "listSites": (200, 200, 200, 200, 200, 200, 200, 401),
    "listSlots": (200, 200, 200, 200, 200, 200, 200, 401),
    "findNextSlot": (200, 200, 200, 200, 200, 200, 200, 401),
    "countSlots": (200, 200, 200, 200, 200, 200, 200, 401),
    "explainSlot": (401, 401, 401, 200, 403, 200, 200, 401),
    "holdSlot": (200, 200, 200, 403, 403, 200, 200, 401),
    "extendHold": (200, 200, 200, 403, 403, 200, 200, 401),
    "releaseHold": (200, 200, 200, 403, 403, 200, 200, 401),
    "bookAppointment": (200, 200, 200, 403, 403, 200, 200, 401),
    "getAppointment": (401, 200, 404, 200, 404, 200, 200, 401),
    "listAppointments": (401, 401, 401, 200, 200, 200, 200, 401),
    "cancelAppointment": (401, 200, 404, 403, 403, 200, 200, 401),
    "moveAppointment": (401, 200, 404, 403, 403, 200, 200, 401),
    "reassignAppointment": (401, 401, 401, 403, 403, 200, 200, 401),
    "swapAppointments": (401, 401, 401, 403, 403, 200, 200, 401),
    "squeezeIn": (401, 401, 401, 403, 403, 200, 200, 401),
    "walkIn": (401, 401, 401, 403, 403, 200, 200, 401),
    "findPatients": (401, 401, 401, 403, 403, 200, 200, 401),
    "mergePatients": (401, 401, 401, 403, 403, 200, 200, 401),
    "checkInAppointment": (401, 401, 401, 200, 404, 200, 200, 401),
    "startAppointment": (401, 401, 401, 200, 404, 200, 200, 401),
    "completeAppointment": (401, 401, 401, 200, 404, 200, 200, 401),
    "recordNoShow": (401, 401, 401, 200, 404, 200, 200, 401),
    "acceptRequest": (401, 401, 401, 200, 404, 200, 200, 401),
    "declineRequest": (401, 401, 401, 200, 404, 200, 200, 401),
    "enterInError": (401, 401, 401, 403, 403, 200, 200, 401),
    "undoStatus": (401, 404, 404, 200, 404, 200, 200, 401),
    "confirmAppointment": (401, 200, 404, 403, 403, 200, 200, 401),
    "annotateAppointment": (401, 401, 401, 200, 404, 200, 200, 401),
    "listAppointmentHistory": (401, 200, 404, 200, 404, 200, 200, 401),
    "explainEligibility": (401, 401, 401, 200, 403, 200, 200, 401),
    "listCredentials": (401, 401, 401, 200, 403, 403, 200, 401),
    "listSiteCredentials": (401, 401, 401, 403, 403, 403, 200, 401),
    "verifyCredential": (401, 401, 401, 403, 403, 403, 200, 401),
    "suspendCredential": (401, 401, 401, 403, 403, 403, 200, 401),
    "listFindings": (401, 401, 401, 200, 200, 200, 200, 401),
    "addAbsence": (401, 401, 401, 200, 403, 200, 200, 401),
    "listAbsences": (401, 401, 401, 200, 200, 200, 200, 401),
    "removeAbsence": (401, 401, 401, 200, 404, 200, 200, 401),
    "closeSite": (401, 401, 401, 403, 403, 200, 200, 401),
    "reopenSite": (401, 401, 401, 403, 403, 200, 200, 401),
    "createFeed": (401, 401, 401, 200, 403, 403, 200, 401),
    "listFeeds": (401, 401, 401, 200, 403, 403, 200, 401),
    "rotateFeed": (401, 401, 401, 200, 404, 403, 200, 401),
    "revokeFeed": (401, 401, 401, 200, 404, 403, 200, 401),
    "getLaw": (401, 401, 401, 200, 200, 200, 200, 401),
    "recordOwnerDecision": (401, 401, 401, 403, 403, 403, 200, 401),
    "withdrawOwnerDecision": (401, 401, 401, 403, 403, 403, 200, 401),
    "signIn": (200, 200, 200, 200, 200, 200, 200, 401),
    "signOut": (401, 401, 401, 200, 200, 200, 200, 401),
}
_REFUSED = {401, 403, 404}


def test_the_table_is_whole() -> None:
    assert set(EXPECTED) == set(OPERATIONS)


@pytest.mark.parametrize("operation", OPERATIONS)
def test_roles_are_let_in_and_kept_out(shared: World, operation: str) -> None:
    """A sign-in that is let in fails on its password, with the same status as one that is not."""
    found = {who: shared.call(operation, who) for who in CAST}
    statuses = tuple(
        answer.status_code if answer.status_code in _REFUSED and "password" not in answer.text else 200
        for answer in found.values()
    )
    assert statuses == EXPECTED[operation]
    for who, answer in found.items():
        if answer.status_code == 401:
            assert answer.headers["www-authenticate"] == 'Bearer realm="booking"', who


@pytest.mark.parametrize("header", ["Basic YTpi", "Bearer", "Bearer ", "Bearer wrong", "Bearer \u00e9", "wrong", ""])
def test_wrong_token_is_not_taken_for_no_token(world: World, header: str) -> None:
    answer = world.send("GET", "/sites", headers={"Authorization": header.encode("latin-1")})
    assert (answer.status_code, answer.json()["code"]) == (401, "unauthenticated")


def test_cookie_is_nothing_at_the_api(world: World) -> None:
    token = world.token("manager")
    answer = world.send("GET", "/findings", headers={"Cookie": f"__Host-session={token}; session={token}"})
    assert answer.status_code == 401


def test_token_made_with_another_secret_is_refused(world: World) -> None:
    token = world.token("patient") or ""
    forged = token[:-4] + ("AAAA" if token[-4:] != "AAAA" else "BBBB")
    answer = world.send("GET", f"/appointments/{world.visit}", headers={"Authorization": f"Bearer {forged}"})
    assert answer.status_code == 401


@pytest.mark.parametrize("slug", ["nowhere", "DULL", "%00", "a" * 100, "..%2f..%2fdull", "%F0%9F%98%80", "dull%20"])
def test_clinic_that_is_not_there_is_not_found(world: World, slug: str) -> None:
    answer = world.client.get(f"/api/v1/clinics/{slug}/sites")
    assert (answer.status_code, answer.json()["code"]) == (404, "not-found")
