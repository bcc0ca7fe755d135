"""A memory keeps what was used last, as much as it may, and gives it for its version and its time alone."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier

import pytest

from booking.store.memory import Memory

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
MOMENT = timedelta(microseconds=1)


def test_value_is_given_for_its_version_alone() -> None:
    memory = Memory()
    memory.keep("key", ("epoch", 1), "one")
    assert [memory.recall("key", ("epoch", number)) for number in (0, 1, 2)] == [None, "one", None]
    assert memory.recall("key", ("another epoch", 1)) is None
    assert memory.recall("another key", ("epoch", 1)) is None


def test_a_key_has_one_value_and_the_last_one_stays() -> None:
    memory = Memory()
    memory.keep("key", 1, "one", cost=10)
    memory.keep("key", 2, "two", cost=30)
    assert (memory.recall("key", 1), memory.recall("key", 2)) == (None, "two")
    assert (len(memory), memory.used) == (1, 30)


@pytest.mark.parametrize(
    ("since", "until", "holds"),
    [
        (None, None, [True, True, True, True]),
        (None, NOON, [True, False, False, True]),
        (NOON, None, [False, True, True, False]),
        (NOON, NOON + MOMENT, [False, True, False, False]),
    ],
)
def test_value_holds_from_its_beginning_until_just_before_its_end(
    since: datetime | None, until: datetime | None, holds: list[bool]
) -> None:
    memory = Memory()
    memory.keep("key", 1, "value", since=since, until=until)
    found = [memory.recall("key", 1, now) == "value" for now in (NOON - MOMENT, NOON, NOON + MOMENT)]
    assert found == holds[:3]


def test_who_does_not_tell_the_time_is_given_only_what_always_holds() -> None:
    memory = Memory()
    memory.keep("since", 1, "value", since=NOON)
    memory.keep("until", 1, "value", until=NOON)
    memory.keep("always", 1, "value")
    assert [memory.recall(key, 1) for key in ("since", "until", "always")] == [None, None, "value"]


def test_what_was_used_last_stays_when_there_is_too_much() -> None:
    memory = Memory(30)
    for key in ("a", "b", "c"):
        memory.keep(key, 1, key, cost=10)
    memory.recall("a", 1)
    memory.recall("b", 2)  # in vain, which is no use
    memory.keep("d", 1, "d", cost=11)
    assert [memory.recall(key, 1) for key in "abcd"] == ["a", None, None, "d"]
    assert (len(memory), memory.used) == (2, 21)


def test_what_is_larger_than_all_of_it_is_not_kept_and_pushes_nothing_out() -> None:
    memory = Memory(30)
    memory.keep("a", 1, "a", cost=30)
    memory.keep("b", 1, "b", cost=31)
    assert (memory.recall("a", 1), memory.recall("b", 1), memory.used) == ("a", None, 30)
    memory.keep("a", 2, "larger", cost=31)
    assert (memory.recall("a", 1), memory.recall("a", 2), memory.used, len(memory)) == (None, None, 0, 0)


def test_value_is_made_once_for_each_version() -> None:
    memory, made = Memory(), list[int]()

    def make(version: int) -> int:
        def value() -> int:
            made.append(version)
            return 0  # which is a value

        return memory.get("key", value, version=version)

    assert ([make(version) for version in (1, 1, 2, 2)], made) == ([0, 0, 0, 0], [1, 2])


def test_threads_leave_it_as_large_as_it_says() -> None:
    """Each keeps, takes back and pushes out the values of the others, all at once."""
    memory, together = Memory(5_000), Barrier(8)

    def work(number: int) -> int:
        together.wait()
        wrong = 0
        for step in range(1_500):
            key, version = (step * number) % 97, step % 5
            memory.keep(key, version, (key, version), cost=50 + key)
            wrong += memory.recall(key, version) not in {None, (key, version)}
            wrong += memory.get(key, lambda value=(key, 9): value, version=9) != (key, 9)  # type: ignore[misc]  # a default
        return wrong

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(work, range(1, 9))) == 0
    assert 0 < memory.used <= 5_000
    assert memory.used == sum(kept.cost for kept in memory._kept.values())
