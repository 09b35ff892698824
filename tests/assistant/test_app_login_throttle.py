"""How often a password may be tried, on a clock the test turns."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from assistant.app.front import throttle as login_throttle
from assistant.app.front.throttle import Throttle


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def tries(throttle: Throttle, clock: Clock, seconds: float, name: str, address: str) -> int:
    """How many passwords a patient attacker gets to try in this time."""
    end = clock.now + seconds
    count = 0
    while clock.now < end:
        wait = throttle.begin(name, address)
        count += not wait
        clock.now += wait
    return count


def test_some_typing_errors_cost_nothing_then_the_wait_doubles() -> None:
    clock = Clock()
    throttle = Throttle(clock)
    assert [throttle.begin("a", "10.0.0.1") for _ in range(5)] == [0] * 5
    waits = []
    for _ in range(6):
        waits.append(throttle.begin("a", "10.0.0.1"))
        clock.now += waits[-1]
        assert throttle.begin("a", "10.0.0.1") == 0
    assert waits == [2, 4, 8, 16, 32, 64]


def test_one_attacker_gets_few_tries_in_a_day() -> None:
    clock = Clock()
    assert tries(Throttle(clock), clock, 86_400, "a", "10.0.0.1") < 150


def test_a_try_that_came_too_early_does_not_lengthen_the_wait() -> None:
    clock = Clock()
    throttle = Throttle(clock)
    assert tries(throttle, clock, 20, "a", "10.0.0.1") > 5
    throttle.begin("a", "10.0.0.1")
    wait = throttle.begin("a", "10.0.0.1")
    assert wait > 2
    assert [throttle.begin("a", "10.0.0.1") for _ in range(100)] == [wait] * 100


def test_many_at_once_do_not_pass() -> None:
    throttle = Throttle(Clock())
    assert [throttle.begin("a", "10.0.0.1") for _ in range(50)].count(0) == 5


def test_one_address_cannot_try_many_names() -> None:
    throttle = Throttle(Clock())
    assert [throttle.begin(f"name{n}", "10.0.0.1") for n in range(100)].count(0) == 20


def test_an_attack_from_many_places_delays_a_stranger_a_minute_at_most() -> None:
    clock = Clock()
    throttle = Throttle(clock)
    for n in range(500):
        throttle.begin("a", f"10.1.{n // 250}.{n % 250}")
        clock.now += 0.1
    assert 0 < throttle.begin("a", "10.9.9.9") <= 60


def test_the_owner_is_let_in_where_he_was_before_whatever_others_try() -> None:
    clock = Clock()
    throttle = Throttle(clock)
    assert throttle.begin("a", "10.0.0.1") == 0
    throttle.succeeded("a", "10.0.0.1")
    for n in range(500):
        throttle.begin("a", f"10.1.{n // 250}.{n % 250}")  # on the account
        throttle.begin(f"x{n}", "10.0.0.1")  # from his own office
    assert throttle.begin("a", "10.9.9.9") > 0
    assert throttle.begin("a", "10.0.0.1") == 0


def test_an_account_of_ones_own_buys_no_further_tries() -> None:
    clock = Clock()
    throttle = Throttle(clock)
    count = 0
    for n in range(200):
        count += throttle.begin(f"victim{n}", "10.0.0.1") == 0
        if throttle.begin("mine", "10.0.0.1") == 0:
            throttle.succeeded("mine", "10.0.0.1")
    assert count <= 20


def test_a_whole_network_of_ipv6_counts_as_one() -> None:
    throttle = Throttle(Clock())
    assert [throttle.begin(f"n{n}", f"2001:db8::{n:x}") for n in range(100)].count(0) == 20
    assert throttle.begin("n", "2001:db8:1::1") == 0
    assert throttle.begin("n", "::ffff:10.0.0.1") == 0


def test_a_success_and_an_hour_of_rest_forget() -> None:
    clock = Clock()
    throttle = Throttle(clock)
    for _ in range(5):
        throttle.begin("a", "10.0.0.1")
    throttle.succeeded("a", "10.0.0.1")
    assert [throttle.begin("a", "10.0.0.1") for _ in range(5)] == [0] * 5
    assert throttle.begin("a", "10.0.0.1") > 0
    clock.now += 3601
    assert [throttle.begin("a", "10.0.0.1") for _ in range(5)] == [0] * 5


@given(st.lists(st.tuples(st.text(max_size=3), st.text(max_size=4), st.booleans()), max_size=60))
def test_whatever_is_tried_the_wait_is_bounded(asked: list[tuple[str, str, bool]]) -> None:
    clock = Clock()
    throttle = Throttle(clock)
    for name, address, right in asked:
        wait = throttle.begin(name, address)
        assert 0 <= wait <= 900
        if right and not wait:
            throttle.succeeded(name, address)


def test_its_memory_is_bounded() -> None:
    throttle = Throttle(Clock())
    kept = login_throttle._KEPT
    for n in range(kept + 500):
        address = f"10.{n >> 16}.{n >> 8 & 255}.{n & 255}"
        throttle.begin(f"n{n}", address)
        throttle.succeeded(f"n{n}", address)
        throttle.begin(f"m{n}", address)
    counters = (throttle._pairs, throttle._addresses, throttle._names)
    assert max(len(counter._counts) for counter in counters) <= kept
    assert len(throttle._known) <= kept
