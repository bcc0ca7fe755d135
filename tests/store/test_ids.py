"""New identities: version 7 of RFC 9562, ordered by time."""

import time
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from uuid import RFC_4122, UUID

import pytest

from booking.store.ids import new_id


def milliseconds(one: UUID) -> int:
    return one.int >> 80


def test_new_id_is_of_version_7_and_says_when_it_was_made() -> None:
    before = time.time_ns() // 1_000_000
    made = [new_id() for _ in range(100)]
    after = time.time_ns() // 1_000_000
    assert {(one.version, one.variant) for one in made} == {(7, RFC_4122)}
    assert all(before <= milliseconds(one) <= after + 1 for one in made)


def test_new_ids_rise_strictly() -> None:
    made = [new_id() for _ in range(20_000)]
    assert all(one < following for one, following in pairwise(made))


def test_new_ids_rise_though_the_clock_stands_still_or_goes_back(monkeypatch: pytest.MonkeyPatch) -> None:
    now = time.time_ns()
    clock = iter([now, now, now, now - 10**9, now - 2 * 10**9, now + 10**9])
    monkeypatch.setattr(time, "time_ns", lambda: next(clock))
    made = [new_id() for _ in range(6)]
    assert all(one < following for one, following in pairwise(made))


def test_new_ids_of_many_threads_rise_in_each_and_are_never_equal() -> None:
    def make(_number: int) -> list[UUID]:
        return [new_id() for _ in range(2_000)]

    with ThreadPoolExecutor(8) as pool:
        lists = list(pool.map(make, range(8)))
    assert all(one < following for made in lists for one, following in pairwise(made))
    every = [one for made in lists for one in made]
    assert len({one.int >> 64 for one in every}) == len(every)
