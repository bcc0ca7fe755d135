"""After every use case, and after the clock alone, what is remembered gives the answers of a fresh computation."""

import inspect
import pkgutil
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import cycle
from types import ModuleType

import pytest

from booking import usecases
from booking.store.database import Database
from tests.clinics import open_clinic
from tests.plugins.database import Clock
from tests.races.cache_clinic import questions, rich
from tests.races.cache_file import MONDAY
from tests.races.cache_judge import Memories, judge, stale, wrong
from tests.races.cache_steps import Step, Tour
from tests.races.cache_tour import steps

READING = {
    "absence_choices", "agenda", "all_clinics", "alternatives", "audit", "catalogue", "clinic_by_slug", "count_slots",
    "explain_eligibility", "explain_slot", "export_clinic", "feed_state", "find_hold", "find_times", "first_days",
    "get_appointment", "health", "is_due", "is_stale", "list_absences", "list_appointments", "list_feeds",
    "list_findings", "list_found_visits", "list_slots", "next_slots", "of_practitioner", "other_times", "session_of",
    "staff_to_check", "takers", "times", "view", "views", "write_slots",
    "birthday", "check_decision", "check_seals", "check_unsealed", "cover_changes", "due", "explain_period",
    "find_patients", "law", "may_needle", "of_site", "open_archive", "other_times_with", "patient_record", "places",
    "prove", "replay", "replayed", "rooms_that_do", "times_to_come_back", "uncovered", "visit_history", "whereabouts",
    "who_matters",
}  # fmt: skip
HELPING = {
    "agreed", "eligibilities", "ensure_movable", "gather", "load", "lock_hold", "might_be_touched", "offered", "once",
    "patient_obstacles", "place", "recheck", "recheck_opening", "recheck_things", "record_booked", "record_moved",
    "relocate", "settle", "unlawful",
    "actor_name", "ask_again", "colleagues", "decide", "ensure_movable_still", "ensure_own_deed", "put",
    "recheck_supervised", "record_decision", "take_again", "write", "keep", "on_visit",
}  # fmt: skip
ELSEWHERE = {"decide_grant", "import_appointments", "import_row", "seal", "walk_in", "withdraw_decision"}
"""They do what steps here do as well: book, move and cancel, or raise the revision of the whole offer, or neither."""
ALWAYS = ("everywhere", "the desk", "with an own hold", "before closing", "with a device")
"""The questions that are asked after each step; the others take turns."""
BY_FILE = ("everywhere", "before closing", "with a device", "without a room", "one region", "at the horizon")
"""Those after each change of the clinic's file."""


@dataclass(kw_only=True)
class Seen:
    """How many answers were stale after which step, of which memory, and whether the step changed any answer.

    `bodies` are the answers by the names they were given.
    """

    wrong: dict[str, Counter[str]] = field(default_factory=dict)
    changed: dict[str, bool] = field(default_factory=dict)
    bodies: dict[str, set[bytes]] = field(default_factory=lambda: defaultdict(set))

    @property
    def found(self) -> Counter[str]:
        return sum(self.wrong.values(), Counter())


def taken(tour: Tour, of: Iterable[Step], faulty: Memories, always: Iterable[str]) -> Seen:
    """Ask all, take a step, ask again, and so on."""
    seen, database = Seen(), tour.clinic.database
    asked = {one.name: one for one in questions(tour.clinic, MONDAY, MONDAY + timedelta(days=14))}
    each, others = [asked.pop(name) for name in always], cycle(asked.values())
    before = database.read_now(judge, database.memory, faulty, [*each, *asked.values()])[: len(each)]
    for step, other in zip(of, others, strict=False):
        step.play(tour)
        *after, last = database.read_now(judge, database.memory, faulty, [*each, other])
        seen.wrong[step.name] = stale([*after, last])
        seen.changed[step.name] = [one.fresh for one in after] != [one.fresh for one in before]
        for one in (*after, last):
            seen.bodies[one.fresh.etag].add(one.fresh.body)
        before = after
    return seen


def otherwise(seen: Seen, of: Iterable[Step]) -> set[str]:
    """The steps that changed answers and were not to, or the other way about."""
    return {one.name for one in of if one.changes != seen.changed[one.name]}


@pytest.fixture
def tour(database: Database, clock: Clock) -> Tour:
    return Tour(clinic=open_clinic(database, rich()), clock=clock, file=rich())


def test_nothing_is_stale_after_any_use_case_and_each_fault_would_be_found(tour: Tour) -> None:
    faulty = wrong()
    mine = [one for one in steps() if not one.by_file]
    seen = taken(tour, mine, faulty, ALWAYS)
    assert {name: of for name, of in seen.wrong.items() if set(of) - set(faulty)} == {}
    assert {name for name in faulty if not seen.found[name]} == set()
    assert otherwise(seen, mine) == set()
    assert {len(bodies) for bodies in seen.bodies.values()} == {1}


def test_nothing_is_stale_after_any_change_of_the_clinics_file(sqlite: Database, clock: Clock) -> None:
    tour = Tour(clinic=open_clinic(sqlite, rich()), clock=clock, file=rich())
    changes = [one for one in steps() if one.by_file]
    seen = taken(tour, changes, {}, BY_FILE)
    assert seen.found == Counter()
    assert otherwise(seen, changes) == set()


def use_cases() -> Iterator[str]:
    """Whatever is done in a transaction, or in several."""
    for module in modules(usecases):
        for name, function in inspect.getmembers(module, inspect.isfunction):
            needs = next(iter(inspect.signature(function).parameters), "")
            if function.__module__ == module.__name__ and needs in {"tx", "database"} and not name.startswith("_"):
                yield name


def modules(package: ModuleType) -> Iterator[ModuleType]:
    for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
        yield pkgutil.resolve_name(found.name)


def test_every_use_case_that_writes_is_among_the_steps() -> None:
    written = {step.use_case.__name__ for step in steps() if step.use_case is not None}
    assert (written, written & READING) == (set(use_cases()) - READING - HELPING - ELSEWHERE, set())
