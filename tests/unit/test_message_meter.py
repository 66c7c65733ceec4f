"""The host's own limiter against a clock of our own: as strict as the core's, and never stricter."""

from __future__ import annotations

import random

import pytest

from enclave_subinterp._adapters.message_meter import MessageMeter

SECOND = 1_000_000_000


class Clock:
    """Time that passes when it is told to."""

    def __init__(self) -> None:
        self.now = 5 * SECOND

    def __call__(self) -> int:
        return self.now


def admitted(meter: MessageMeter, most: int = 100_000) -> int:
    """How many messages pass at this moment."""
    return next((n for n in range(most) if not meter.admit()), most)


@pytest.mark.parametrize("rate", [1, 2, 3, 7, 100, 500, 999, 1_000, 5_000])
def test_one_seconds_worth_at_once_and_one_more_is_a_flood(rate: int) -> None:
    clock = Clock()
    assert admitted(MessageMeter(rate, clock.now, clock)) == rate


def test_it_is_refilled_at_the_rate() -> None:
    clock = Clock()
    meter = MessageMeter(100, clock.now, clock)
    assert admitted(meter) == 100
    for step, more in ((SECOND // 100 - 1, 0), (1, 1), (SECOND // 2, 50), (SECOND, 100)):
        clock.now += step
        meter.caught_up(clock.now)
        assert admitted(meter) == more


def test_large_messages_take_their_share() -> None:
    clock = Clock()
    meter = MessageMeter(100, clock.now, clock)
    assert meter.admit(SECOND // 100), "one token's worth takes one token"
    assert meter.admit(SECOND // 2)
    assert not meter.admit(SECOND // 2)
    assert admitted(meter) == 49


@pytest.mark.parametrize("rate", [1, 2, 3, 7, 100, 5_000])
def test_one_of_any_size_passes(rate: int) -> None:
    clock = Clock()
    meter = MessageMeter(rate, clock.now, clock)
    assert meter.admit(1000 * SECOND)
    assert not meter.admit(1000 * SECOND)


def test_rest_saves_up_nothing() -> None:
    """GIVEN a run that rested WHEN everything it sent has been seen THEN it has one second's worth and no more."""
    clock = Clock()
    meter = MessageMeter(100, clock.now, clock)
    clock.now += 60 * SECOND
    meter.caught_up(clock.now)
    assert admitted(meter) == 100


def test_what_was_sent_while_the_host_was_busy_is_no_flood() -> None:
    """GIVEN a host that looked away for three seconds WHEN it finds what a lawful guest sent THEN all of it passes."""
    clock = Clock()
    meter = MessageMeter(100, clock.now, clock)
    clock.now += 3 * SECOND
    assert admitted(meter) == 100 + 3 * 100


@pytest.mark.parametrize("seed", range(20))
def test_a_guest_within_the_limit_always_passes(seed: int) -> None:
    """GIVEN a guest that sends whatever the core's bucket lets pass, and a host that looks when it happens to
    WHEN both go on for a while THEN the host never takes the guest for a flood."""
    dice = random.Random(seed)
    rate = dice.choice([1, 3, 10, 100, 700, 1_000])
    clock = Clock()
    host = MessageMeter(rate, clock.now, clock)
    interval = SECOND // rate
    full_at = clock.now
    sent: list[int] = []
    for _ in range(3_000):
        clock.now += dice.choice([0, 1, interval // 2, interval, 3 * interval, SECOND, 2 * SECOND])
        for _ in range(dice.choice([0, 0, 1, 2, rate])):  # as csrc/bucket.h has it
            share = dice.choice([0, 0, interval, interval + 1, 5 * interval, SECOND // 2, 2 * SECOND])
            price = max(interval, min(share, interval * rate // 4 * 3))
            full_at = max(full_at, clock.now)
            if full_at - clock.now + price <= interval * rate:
                full_at += price
                sent.append(share)
        if dice.random() < 0.4:
            while sent:
                assert host.admit(sent.pop(0))
            host.caught_up(clock.now)


def test_a_rate_beyond_the_clock_is_no_limit() -> None:
    clock = Clock()
    assert admitted(MessageMeter(SECOND + 1, clock.now, clock)) == 100_000
