import pytest

from booking.domain.errors import RateLimited
from booking.http.throttle import Throttle


class Seconds:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def refused(throttle: Throttle, key: str) -> int | None:
    """The seconds to wait; None when the attempt was let through."""
    try:
        throttle.take(key)
    except RateLimited as refusal:
        wait: int = refusal.details["retry_after"]
        return wait
    return None


def test_attempts_are_let_through_up_to_the_limit_and_again_when_the_time_is_over() -> None:
    clock = Seconds()
    throttle = Throttle(2, 60, clock=clock)
    assert [refused(throttle, "a") for _ in range(3)] == [None, None, 60]
    clock.now = 59.5
    assert refused(throttle, "a") == 1
    clock.now = 60
    assert refused(throttle, "a") is None


def test_keys_are_counted_apart() -> None:
    throttle = Throttle(1, 60)
    assert [refused(throttle, key) is None for key in ("a", "b", "a")] == [True, True, False]


def test_good_attempt_does_not_count() -> None:
    throttle = Throttle(1, 60)
    for _ in range(5):
        throttle.take("a")
        throttle.give_back("a")
    throttle.give_back("never seen")
    throttle.take("a")
    with pytest.raises(RateLimited):
        throttle.take("a")


def test_made_up_keys_do_not_fill_the_memory() -> None:
    throttle = Throttle(1, 60, size=10)
    for number in range(1_000):
        throttle.take(str(number))
    assert len(throttle._counted) == 10
