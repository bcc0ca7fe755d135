"""A clinic with staff, a visit, a hold and a feed, and every operation of the API with a request that it accepts."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import httpx
from litestar.testing import TestClient

from booking.domain.ids import AppointmentId
from booking.domain.lifecycle import Step
from booking.domain.permission import Role
from booking.domain.time.local import LocalSpan
from booking.http.tokens import digest, manage_token, new_secret
from booking.settings import Settings
from booking.store import appointments
from booking.store.database import Database
from booking.usecases.absences import AddLeave, add_leave
from booking.usecases.closures import CloseSite, close_site
from booking.usecases.feeds import CreateFeed, create_feed
from booking.usecases.hold import HoldSlot, hold
from booking.usecases.law import DecideGrant, decide_grant
from booking.usecases.lifecycle import TakeStep, take_step
from booking.usecases.staff import AddStaff, add_staff, begin_session
from booking.usecases.types import Staff
from tests.clinics import TUESDAY, DullClinic, at, dull, open_clinic
from tests.plugins.prepared import prepared
from tests.plugins.program import program

SETTINGS = Settings(secret=b"s" * 40, public_url="https://clinic.example")
HOLD_SECRET = "h" * 43
MONDAY = TUESDAY - timedelta(days=1)
CHRISTMAS = "2026-12-25"
NEW_YEAR = LocalSpan(first=date(2026, 12, 31), last=date(2027, 1, 1))
INDIANA = "2026-11-25"  # the version of its rules
CHIROPRACTORS = {"jurisdiction": "US-IN", "grant": "dc"}
NOBODY = "018f0000-0000-7000-8000-000000000000"


@dataclass(frozen=True, kw_only=True)
class World:
    """`visit` is Pat's with Ada on Tuesday at ten; `other_visit` somebody else's with Ben at the same time.

    On Monday, which is today, Ada has somebody at three (`today`) and at four, who has `arrived`; at noon on Wednesday
    she has been `requested`. Ben is there from eight on Monday, which it is now.
    """

    client: TestClient[Any]
    clinic: DullClinic
    staff: dict[str, Staff]
    visit: AppointmentId
    other_visit: AppointmentId
    today: AppointmentId
    arrived: AppointmentId
    requested: AppointmentId
    hold: AppointmentId
    feed: str

    def token(self, who: str) -> str | None:
        """A fresh bearer token of somebody of the cast; None for `anybody`."""
        if who == "anybody":
            return None
        if who in {"patient", "other patient"}:
            visit = self.visit if who == "patient" else self.other_visit
            return manage_token(SETTINGS, self.clinic.id, visit)
        token = new_secret()
        self.clinic.database.write_now(begin_session, self.staff[who], digest(token))
        return token

    def send(self, method: str, path: str, who: str = "anybody", **more: Any) -> httpx.Response:
        """A request below the clinic's address. `more` is what httpx takes."""
        headers = dict(more.pop("headers", {}))
        if token := self.token(who):
            headers["Authorization"] = f"Bearer {token}"
        return self.client.request(method, f"/api/v1/clinics/dull{path}", headers=headers, **more)

    def call(self, operation: str, who: str = "anybody", **more: Any) -> httpx.Response:
        """The operation with a request that it accepts, in which `more` replaces parts."""
        method, path, request = self.request(operation)
        return self.send(method, path, who, **{**request, **more})

    def request(self, operation: str) -> tuple[str, str, dict[str, Any]]:
        """Method, path and what to send."""
        if operation == "withdrawOwnerDecision":
            self.decide()
        wanted = self.wanted(11)
        ada = str(self.clinic.practitioners["ada"])
        licence = self.clinic.credentials["ada", "licence"]
        day = str(TUESDAY)
        query = {"treatment_type": wanted["treatment_type"]}
        requests: dict[str, tuple[str, str, dict[str, Any]]] = {
            "listTreatmentTypes": ("GET", "/treatment-types", {}),
            "listPractitioners": ("GET", "/practitioners", {}),
            "listSites": ("GET", "/sites", {}),
            "listSlots": ("GET", "/slots", {"params": {**query, "from": day, "to": day}}),
            "findNextSlot": ("GET", "/slots/next", {"params": query}),
            "countSlots": ("GET", "/slots/counts", {"params": {**query, "from": day, "to": day}}),
            "explainSlot": ("GET", "/slots/why", {"params": {**wanted, "practitioner": ada}}),
            "holdSlot": ("POST", "/holds", {"json": wanted}),
            "extendHold": ("POST", f"/holds/{self.hold}/extend", {"json": {"hold_secret": HOLD_SECRET}}),
            "releaseHold": ("POST", f"/holds/{self.hold}/release", {"json": {"hold_secret": HOLD_SECRET}}),
            "bookAppointment": ("POST", "/appointments", {"json": {**wanted, "patient": patient(), "booked_by": "Jo"}}),
            "getAppointment": ("GET", f"/appointments/{self.visit}", {}),
            "listAppointments": ("GET", "/appointments", {"params": {"from": day, "to": day}}),
            "cancelAppointment": ("POST", f"/appointments/{self.visit}/cancel", {"json": {"version": 1}}),
            "moveAppointment": (
                "POST",
                f"/appointments/{self.visit}/move",
                {"json": {"version": 1, "start": f"{TUESDAY}T15:00:00-08:00"}},
            ),
            "reassignAppointment": ("POST", f"/appointments/{self.today}/reassign", {"json": {"version": 1}}),
            "swapAppointments": (
                "POST",
                f"/appointments/{self.visit}/swap",
                {"json": {"version": 1, "other": str(self.other_visit), "other_version": 1}},
            ),
            "squeezeIn": ("POST", "/appointments/squeeze-in", {"json": self.squeezed()}),
            "walkIn": ("POST", "/walk-ins", {"json": {"name": "Cat Lee", **self.where()}}),
            "findPatients": ("GET", "/patients", {"params": {"search": "smith"}}),
            "mergePatients": (
                "POST",
                f"/patients/{self.patient_of(self.today)}/merge",
                {"json": {"kept": self.patient_of(self.requested)}},
            ),
            "checkInAppointment": ("POST", f"/appointments/{self.today}/check-in", {"json": {"version": 1}}),
            "startAppointment": ("POST", f"/appointments/{self.arrived}/start", {"json": {"version": 2}}),
            "completeAppointment": ("POST", f"/appointments/{self.arrived}/complete", {"json": {"version": 2}}),
            "recordNoShow": ("POST", f"/appointments/{self.today}/no-show", {"json": {"version": 1}}),
            "acceptRequest": ("POST", f"/appointments/{self.requested}/accept", {"json": {"version": 1}}),
            "declineRequest": (
                "POST",
                f"/appointments/{self.requested}/decline",
                {"json": {"version": 1, "reason": "on a course"}},
            ),
            "enterInError": (
                "POST",
                f"/appointments/{self.today}/enter-in-error",
                {"json": {"version": 1, "reason": "entered twice"}},
            ),
            "undoStatus": ("POST", f"/appointments/{self.arrived}/undo", {"json": {"version": 2}}),
            "confirmAppointment": ("POST", f"/appointments/{self.visit}/confirm", {"json": {"version": 1}}),
            "annotateAppointment": (
                "POST",
                f"/appointments/{self.visit}/note",
                {"json": {"version": 1, "note": "Rang:\nis late"}},
            ),
            "listAppointmentHistory": ("GET", f"/appointments/{self.visit}/history", {}),
            "explainEligibility": ("GET", "/eligibility", {"params": {**wanted, "practitioner": ada}}),
            "listCredentials": ("GET", f"/practitioners/{ada}/credentials", {}),
            "listSiteCredentials": ("GET", f"/sites/{wanted['site']}/credentials", {}),
            "verifyCredential": ("POST", f"/credentials/{licence}/verify", {"json": {"source": "the register"}}),
            "suspendCredential": ("POST", f"/credentials/{licence}/suspend", {"json": {"reason": "board order"}}),
            "listFindings": ("GET", "/findings", {}),
            "getLaw": ("GET", "/law", {}),
            "recordOwnerDecision": ("POST", "/owner-decisions", {"json": self.decision()}),
            "withdrawOwnerDecision": ("POST", "/owner-decisions/withdraw", {"json": CHIROPRACTORS}),
            "addAbsence": ("POST", "/absences", {"json": {"first": CHRISTMAS, "last": CHRISTMAS, "practitioner": ada}}),
            "listAbsences": ("GET", "/absences", {"params": {"from": day, "to": CHRISTMAS}}),
            "removeAbsence": ("DELETE", f"/absences/{self.leave()}", {}),
            "closeSite": (
                "POST",
                "/closures",
                {"json": {"first": CHRISTMAS, "last": CHRISTMAS, "site": wanted["site"]}},
            ),
            "reopenSite": ("DELETE", f"/closures/{self.closure()}", {}),
            "createFeed": ("POST", "/feeds", {"json": {"practitioner": ada}}),
            "listFeeds": ("GET", "/feeds", {"params": {"practitioner": ada}}),
            "rotateFeed": ("POST", f"/feeds/{self.feed}/rotate", {}),
            "revokeFeed": ("POST", f"/feeds/{self.feed}/revoke", {}),
            "signIn": ("POST", "/sessions", {"json": {"login": "nobody", "password": "wrong password"}}),
            "signOut": ("DELETE", "/sessions/current", {}),
        }
        return requests[operation]

    def squeezed(self) -> dict[str, Any]:
        """A visit with Ada at 10:25 on Tuesday, for which hers at ten takes 20 minutes."""
        neighbour = {"appointment": str(self.visit), "version": 1, "minutes": 20}
        at = {"start": f"{TUESDAY}T10:25:00-08:00", "practitioner": str(self.clinic.practitioners["ada"])}
        return {"patient": patient(), **self.where(), **at, "neighbour": neighbour}

    def patient_of(self, visit: AppointmentId) -> str:
        """Whose visit it is."""
        return str(self.clinic.database.read_now(appointments.get, self.clinic.id, visit).patient_id)

    def decision(self) -> dict[str, str]:
        """What the owner may decide of the one grant that waits."""
        return {**CHIROPRACTORS, "version": INDIANA, "decided_by": "Olive Owner", "basis": "a letter"}

    def decide(self) -> None:
        """Decide on the grant again, if that was withdrawn."""
        command = DecideGrant(jurisdiction="US-IN", grant="dc", decided_by="Olive Owner", basis="a letter")
        self.clinic.database.write_now(decide_grant, self.clinic.manager, command)

    def leave(self) -> UUID:
        """Leave of Ada's, entered again if it was removed."""
        command = AddLeave(practitioner=self.clinic.practitioners["ada"], days=NEW_YEAR)
        return self.clinic.database.write_now(add_leave, self.clinic.manager, command).absence.id

    def closure(self) -> UUID:
        """A closure of the site, entered again if it was removed."""
        command = CloseSite(site=self.clinic.sites["seattle"], days=NEW_YEAR)
        return self.clinic.database.write_now(close_site, self.clinic.manager, command).closure.id

    def wanted(self, hour: int, practitioner: str | None = None) -> dict[str, str]:
        asked = {**self.where(), "start": f"{TUESDAY}T{hour:02}:00:00-08:00"}
        who = {} if practitioner is None else {"practitioner": str(self.clinic.practitioners[practitioner])}
        return {**asked, **who}

    def where(self) -> dict[str, str]:
        treatment, site = self.clinic.treatments["needling"], self.clinic.sites["seattle"]
        return {"treatment_type": str(treatment), "site": str(site)}


OPERATIONS = (
    "listTreatmentTypes", "listPractitioners", "listSites", "listSlots", "findNextSlot", "countSlots", "explainSlot",
    "holdSlot", "extendHold", "releaseHold", "bookAppointment", "getAppointment", "listAppointments",
    "cancelAppointment", "moveAppointment", "explainEligibility", "listCredentials", "verifyCredential",
    "suspendCredential", "listFindings", "addAbsence", "listAbsences", "removeAbsence", "closeSite", "reopenSite",
    "createFeed", "listFeeds", "rotateFeed", "revokeFeed", "signIn", "signOut", "getLaw", "recordOwnerDecision",
    "withdrawOwnerDecision", "listSiteCredentials", "checkInAppointment", "startAppointment", "completeAppointment",
    "recordNoShow", "acceptRequest", "declineRequest", "enterInError", "undoStatus", "confirmAppointment",
    "annotateAppointment", "listAppointmentHistory", "reassignAppointment", "swapAppointments", "squeezeIn", "walkIn",
    "findPatients", "mergePatients",
)  # fmt: skip
WITH_BODY = (
    "holdSlot", "extendHold", "releaseHold", "bookAppointment", "cancelAppointment", "moveAppointment",
    "verifyCredential", "suspendCredential", "addAbsence", "closeSite", "createFeed", "signIn",
    "recordOwnerDecision", "withdrawOwnerDecision", "checkInAppointment", "startAppointment", "completeAppointment",
    "recordNoShow", "acceptRequest", "declineRequest", "enterInError", "undoStatus", "confirmAppointment",
    "annotateAppointment", "reassignAppointment", "swapAppointments", "squeezeIn", "walkIn", "mergePatients",
)  # fmt: skip


def patient(name: str = "Pat Jones") -> dict[str, str]:
    return {"name": name, "email": f"{name.rsplit(maxsplit=1)[-1].lower()}@example.org"}


@contextmanager
def open_world(database: Database) -> Iterator[World]:
    begun = prepared(database, "world", _begin)
    clinic = replace(begun["clinic"], database=database)
    with program(SETTINGS, database) as started:
        yield World(client=started.client, **{**begun, "clinic": clinic})


def _begin(database: Database) -> dict[str, Any]:
    data = dull(ben={"extra": [{"site": "seattle", "date": MONDAY, "from": "08:00", "to": "09:00"}]})
    data["rules"].append({**data["rules"][0], "jurisdiction": "US-IN", "version": INDIANA})
    requested = _requested(database, data)
    clinic = open_clinic(database, data)
    staff = {who: _staff(clinic, who, role, treats) for who, role, treats in _CAST}
    other = dull()
    other["clinic"]["slug"] = "other"
    staff["stranger"] = _staff(open_clinic(database, other), "stranger", Role.MANAGER, None)
    feed = database.write_now(
        create_feed, clinic.manager, CreateFeed(practitioner=clinic.practitioners["ada"], token_hash="hash")
    )
    arrived = clinic.book(at(MONDAY, 16), patient="Kim Doe", caller=clinic.reception).appointment.id
    database.write_now(take_step, clinic.manager, TakeStep(appointment=arrived, version=1, step=Step.CHECK_IN))
    held = HoldSlot(wanted=clinic.wanted(at(TUESDAY, 14)), hold_key=digest(HOLD_SECRET))
    return {
        "clinic": clinic,
        "staff": staff,
        "visit": clinic.book(at(TUESDAY, 10)).appointment.id,
        "other_visit": clinic.book(at(TUESDAY, 10), "ben", "Sam Reed").appointment.id,
        "today": clinic.book(at(MONDAY, 15), patient="Lee Marsh", caller=clinic.reception).appointment.id,
        "arrived": arrived,
        "requested": requested,
        "hold": database.write_now(hold, clinic.public, held).appointment.id,
        "feed": str(feed.id),
    }


def _requested(database: Database, data: dict[str, Any]) -> AppointmentId:
    """A request, from when the clinic let patients only request what they book now."""
    on_request = [{**one, "on_request": True} for one in data["treatment"]]
    clinic = open_clinic(database, {**data, "treatment": on_request})
    return clinic.book(at(TUESDAY + timedelta(days=1), 12), patient="Ida Frost").appointment.id


_CAST = (
    ("ada", Role.PRACTITIONER, "ada"),
    ("ben", Role.PRACTITIONER, "ben"),
    ("reception", Role.RECEPTION, None),
    ("manager", Role.MANAGER, None),
)


def _staff(clinic: DullClinic, login: str, role: Role, treats: str | None) -> Staff:
    command = AddStaff(login=login, name=login.title(), role=role, password_hash="none", practitioner=treats)
    return clinic.database.write_now(add_staff, clinic.manager, command)
