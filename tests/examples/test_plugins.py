"""examples/plugins: state from call to call, limits of one's own, and what becomes of those that misbehave."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest

from examples.plugins.host import CHECKPOINT_EVERY, MAX_FAILURES, Host, Limits, Plugin
from tests.examples.conftest import ROOT

COUNTER = """
count = 0
def on_order(order):
    global count
    count += 1
    {misfortune}
    return count
"""


@pytest.fixture
def host() -> Iterator[Host]:
    with Host(4) as made:
        yield made


def calls(host: Host, plugin: Plugin, count: int, **more: Any) -> list[float]:
    return [host.call(plugin, {"price": 1000.0, "bad": False, **more}) for _ in range(count)]


def test_the_program() -> None:
    done = subprocess.run(
        [sys.executable, "-Werror", "-m", "examples.plugins"],
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=60,
        check=False,
        text=True,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert (
        done.stdout
        == """\
30 orders: 931.00
crasher    disabled  30 calls, said []
    WORKER_CRASHED (3)
discount   enabled   30 calls, said ['cem has come 9 times']
forgetful  enabled   30 calls, said ['seen 25, the last of them 29']
    TIMEOUT (1)
hoarder    disabled   9 calls, said []
    MEMORY_LIMIT_EXCEEDED (3)
shipping   enabled   30 calls, said []
thief      disabled   3 calls, said []
    on_order() returned int, or too much (3)
unsound    disabled   0 calls, said []
    VALIDATION_ERROR (1)
"""
    )


@pytest.mark.parametrize(
    ("misfortune", "code"),
    [
        ("if order['bad']: sum(iter(int, 1))", "TIMEOUT"),
        ("if order['bad']: bytes(10**9)", "MEMORY_LIMIT_EXCEEDED"),
        ("if order['bad']: 1 / 0", "EXECUTION_ERROR"),
        ("if order['bad']: [call_tool('say', {'text': 'x'}) for _ in range(99)]", "MAX_TOOL_CALLS"),
    ],
)
def test_back_to_the_last_checkpoint(host: Host, misfortune: str, code: str) -> None:
    plugin = host.load("counter", COUNTER.format(misfortune=misfortune))
    other = host.load("other", COUNTER.format(misfortune="pass"))
    # GIVEN a checkpoint after ten calls and two calls more
    assert calls(host, plugin, CHECKPOINT_EVERY + 2)[-1] == CHECKPOINT_EVERY + 2
    # WHEN the next fails THEN those two are forgotten, and nothing else is
    assert calls(host, plugin, 1, bad=True) == [0.0]
    assert [failure.partition(":")[0] for failure in plugin.failures] == [code]
    assert calls(host, plugin, 2) == [CHECKPOINT_EVERY + 1, CHECKPOINT_EVERY + 2]
    # WHEN it goes on failing THEN it is disabled, and its worker is free for another
    assert calls(host, plugin, MAX_FAILURES, bad=True) == [0.0] * MAX_FAILURES
    assert plugin.disabled
    assert calls(host, plugin, 1) == [0.0]
    assert calls(host, other, 2) == [1.0, 2.0]
    for n in range(3):
        assert not host.load(f"more {n}", COUNTER.format(misfortune="pass")).disabled


def test_one_that_crashes_begins_anew(host: Host) -> None:
    plugin = host.load("counter", "import os\n" + COUNTER.format(misfortune="order['bad'] and os.abort()"))
    other = host.load("other", COUNTER.format(misfortune="pass"))
    assert calls(host, plugin, 3) == calls(host, other, 3) == [1.0, 2.0, 3.0]
    assert calls(host, plugin, 1, bad=True) == [0.0]
    assert calls(host, plugin, 2) == [1.0, 2.0]
    assert calls(host, other, 1) == [4.0]


def test_limits_are_each_plugins_own(host: Host) -> None:
    source = "def on_order(order):\n    for n in range(9): call_tool('say', {'text': str(n)})\n    return 1"
    few, many = host.load("few", source), host.load("many", source, Limits(tool_calls=9))
    assert (calls(host, few, 1), calls(host, many, 1)) == ([0.0], [1.0])
    assert few.said == [str(n) for n in range(5)]
    assert many.said == [str(n) for n in range(9)]
