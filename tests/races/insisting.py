"""People at the desk who repeat what was not answered, under its key, until they know what became of it."""

import http.client
import json
import random
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from booking.domain.time.zone import local_date, wall_time
from tests.clinics import SEATTLE_ZONE, DullClinic

PATIENCE = 60.0  # seconds
NEXT: dict[str, tuple[str, ...]] = {
    "booked": ("move", "reassign", "cancel", "confirm", "note", "check-in", "start"),
    "arrived": ("start", "undo", "cancel", "note"),
    "in_treatment": ("complete", "undo"),
    "fulfilled": ("undo", "note"),
    "cancelled": ("undo", "note"),
}
"""What may come next."""
DAYS = 12


@dataclass(kw_only=True)
class Person:
    """One thread, with visits of its own: nobody else changes them, so each answer is known before it comes."""

    clinic: DullClinic
    port: int
    token: str
    number: int
    rng: random.Random
    visits: dict[str, dict[str, Any]] = field(default_factory=dict)
    answers: Counter[str] = field(default_factory=Counter)
    wrong: Counter[str] = field(default_factory=Counter)
    settled: list[float] = field(default_factory=list)
    stop: threading.Event = field(default_factory=threading.Event)

    def work(self) -> None:
        """Until it is told to stop."""
        while not self.stop.is_set():
            if len(self.visits) < 3 or self.rng.random() < 0.3:
                self.book()
            else:
                self.change(self.rng.choice(list(self.visits.values())))

    def book(self) -> None:
        """For later, or for now: who walks in has arrived, which is another version."""
        clinic, name = self.clinic, f"P {self.number} {len(self.settled)}"
        body = {"treatment_type": str(clinic.treatments["needling"]), "site": str(clinic.sites["seattle"])}
        more: dict[str, Any]
        if self.rng.random() < 0.1:
            what, version, more = "walk-ins", 2, {"name": name}
        else:
            patient = {"name": name, "email": f"p{self.number}@example.org"}
            what, version, more = "appointments", 1, {"start": self._start(), "patient": patient}
        status, said = self.settle(f"/{what}", {**body, **more})
        self.answers[f"{what}: {said.get('code', status)}"] += 1
        if status < 300:
            if said["id"] in self.visits or said["version"] != version:
                self.wrong["booked what was there"] += 1
            self.visits[said["id"]] = said

    def change(self, visit: dict[str, Any]) -> None:
        what = self.rng.choice(NEXT[visit["status"]])
        body: dict[str, Any] = {"version": visit["version"]}
        if what == "move":
            body["start"] = self._start()
        if what == "note":
            body["note"] = str(uuid4())
        status, said = self.settle(f"/appointments/{visit['id']}/{what}", body)
        self.answers[f"{what}: {said.get('code', status)}"] += 1
        if status < 300:
            changed = said.get("moved", True) and not (what == "confirm" and visit["confirmed_at"])
            if said["version"] != visit["version"] + changed:
                self.wrong[f"{what}: from version {visit['version']} to {said['version']}"] += 1
            self.visits[visit["id"]] = said
        elif said.get("code") == "stale-version":
            self.wrong[f"{what}: somebody else changed it"] += 1

    def settle(self, path: str, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        """Ask until there is an answer, and where that took more than once ask again what was answered."""
        key, began, asked = str(uuid4()), time.monotonic(), 0
        while True:
            asked += 1
            found = self._ask(path, body, key)
            if found is not None:
                break
            if time.monotonic() - began > PATIENCE:
                raise TimeoutError(path)
            time.sleep(0.05)
        self.settled.append(time.monotonic() - began)
        if asked > 1 and found[0] < 300:
            again = self._ask(path, body, key)
            if again is not None and again != found:
                self.wrong["another answer to the same request"] += 1
            self.answers["asked again"] += 1
        return found

    def _ask(self, path: str, body: dict[str, Any], key: str) -> tuple[int, dict[str, Any]] | None:
        """None when nobody knows whether it was done, or it was not and may be later."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        headers = {"authorization": f"Bearer {self.token}", "idempotency-key": key, "content-type": "application/json"}
        try:
            connection.request("POST", f"/api/v1/clinics/dull{path}", json.dumps(body), headers)
            answer = connection.getresponse()
            said = json.loads(answer.read() or b"{}")
        except (OSError, http.client.HTTPException):
            return None
        finally:
            connection.close()
        if answer.status == 503:
            self.answers["503"] += 1
            return None
        if answer.status >= 500:
            self.wrong[f"{answer.status} for {path.rpartition('/')[2]}"] += 1
        return answer.status, said

    def _start(self) -> str:
        """Later today, or on one of the next days."""
        now = datetime.now(UTC)
        begun = now - timedelta(minutes=now.minute % 15, seconds=now.second, microseconds=now.microsecond)
        later = begun + timedelta(minutes=15 * self.rng.randrange(1, 96 * DAYS))
        today = begun + timedelta(minutes=15 * self.rng.randrange(1, 40))
        is_today = local_date(today, SEATTLE_ZONE) == local_date(now, SEATTLE_ZONE)
        return wall_time(today if is_today and self.rng.random() < 0.5 else later, SEATTLE_ZONE).isoformat()
