"""The clinic of the races, and what changes for all of it at once: its file, its owner's decisions, its record."""

import random
from copy import deepcopy
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import tomli_w

from booking.domain.permission import Role
from booking.store.installation import Kind
from booking.usecases.clinic_file import ApplyClinic, apply_clinic, read_clinic
from booking.usecases.law import DecideGrant, WithdrawDecision, decide_grant, withdraw_decision
from booking.usecases.placing import Wanted
from booking.usecases.sealing import seal
from booking.usecases.sweeping import sweep
from tests.clinics import DullClinic, dull

PEOPLE = ("ben", "cleo", "dan")


def everybody() -> dict[str, Any]:
    """Four therapists in Seattle with four rooms, and Dee in Indiana, who may treat while the owner stands by it."""
    data = dull(**{one: {} for one in PEOPLE})
    for one in data["practitioner"]:
        one["hours"][0].update({"from": "08:00", "to": "18:00"})
    seattle = data["site"][0]
    seattle["room"] = [{"slug": f"room-{number}", "name": f"Room {number}"} for number in range(4)]
    data["site"].append({
        **seattle, "slug": "gary", "name": "Gary", "jurisdiction": "US-IN", "room": [{"slug": "gary", "name": "Gary"}]
    })  # fmt: skip
    dee = deepcopy(data["practitioner"][0])
    dee |= {"slug": "dee", "name": "Dee", "profession": "chiropractor"}
    dee["hours"][0]["site"] = "gary"
    licence, _, training = dee["credential"]
    dee["credential"] = [
        {**licence, "jurisdiction": "US-IN"}, {**training, "attributes": {"board_approved": True}}
    ]  # fmt: skip
    data["practitioner"].append(dee)
    data["rules"].append(adopted("US-IN"))
    return data


def adopted(jurisdiction: str) -> dict[str, Any]:
    day = date(2026, 11, 25)
    return {"jurisdiction": jurisdiction, "version": str(day), "adopted_by": "Olive Owner", "adopted_on": day}


@dataclass(frozen=True, kw_only=True)
class LawChanges:
    """What one client does to all of the clinic."""

    clinic: DullClinic

    def change(self, rng: random.Random) -> None:
        """The owner decides, thinks better of it, or has the clinic's file applied, perhaps with more rules in it."""
        database, manager = self.clinic.database, self.clinic.manager
        which = rng.choice(("decide", "withdraw", "apply"))
        if which == "decide":
            command = DecideGrant(jurisdiction="US-IN", grant="dc", decided_by="Olive Owner", basis="a letter")
            database.write_now(decide_grant, manager, command)
        elif which == "withdraw":
            database.write_now(withdraw_decision, manager, WithdrawDecision(jurisdiction="US-IN", grant="dc"))
        else:
            data = everybody()
            data["clinic"]["policy"]["notice_minutes"] = rng.choice((45, 60))
            data["rules"] += [adopted("US-OR")] if rng.random() < 0.5 else []
            file = read_clinic(tomli_w.dumps(data))
            system = self.clinic.caller(Role.SYSTEM)
            database.write_now(
                apply_clinic, system, ApplyClinic(file=file, kind=Kind.REAL, uid_domain="clinic.example")
            )

    def seal(self) -> None:
        self.clinic.database.write_now(seal, self.clinic.id)

    def sweep(self) -> None:
        self.clinic.database.write_now(sweep)

    def elsewhere(self, wanted: Wanted) -> Wanted:
        """The same in Indiana."""
        return replace(wanted, site=self.clinic.sites["gary"])
