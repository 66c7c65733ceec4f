"""What it costs to give every run an interpreter as new.

Back to back: the next run is asked for as soon as the last one has answered, so the rewind in between is waited for.
After the answer: the worker is idle again when it is asked, which is what a caller sees who comes now and then.  Of
the scripts, "more" imports two modules, makes a class and compiles a pattern; "160 KB" takes a block of that size.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

import pytest

from benchmarks import _measure

if TYPE_CHECKING:
    from enclave_subinterp._native import Slot

SCRIPTS: Final = {
    "1+1": "1+1",
    "more": """
import json, re
re.purge()
class Row:
    def __init__(self, name, value):
        self.name, self.value = name, value
rows = [Row(name, len(name)) for name in re.findall(r"[a-z]+", "the quick brown fox jumps over the lazy dog")]
json.loads(json.dumps({row.name: row.value for row in rows}))
""",
    "160 KB": "len([0] * 20_000)",
}
MODES: Final[dict[str, dict[str, Any]]] = {
    "scan": {"rewind": "scan"},
    "remap": {"rewind": "remap"},
    "kept": {"pristine": False},
}


@pytest.fixture(params=MODES)
def slot(request: pytest.FixtureRequest) -> Iterator[Slot]:
    from enclave_subinterp import _native

    options = MODES[request.param]
    if options.get("rewind") == "scan" and _native.platform()["rewind"] != "scan":
        pytest.skip("this kernel does not track writes for us")
    with _measure.ready_slot(**options) as ready:
        yield ready


@pytest.mark.parametrize("script", SCRIPTS)
def test_back_to_back(benchmark: Any, slot: Slot, script: str) -> None:
    benchmark.group = f"run and rewind, back to back: {script}"
    request = _measure.encode_script(SCRIPTS[script])
    start, done = slot.start, _measure.take_done

    def run() -> None:
        start(request)
        done(slot)

    benchmark.pedantic(run, rounds=60, iterations=20, warmup_rounds=10)


@pytest.mark.parametrize("script", SCRIPTS)
def test_after_the_answer(benchmark: Any, slot: Slot, script: str) -> None:
    benchmark.group = f"run of an idle worker: {script}"
    request = _measure.encode_script(SCRIPTS[script])
    start, done = slot.start, _measure.take_done

    def run() -> None:
        start(request)
        done(slot)

    for _ in range(20):
        run()
    benchmark.pedantic(run, setup=lambda: _measure.until(slot, _measure.IDLE), rounds=1000)
