"""What the benchmarks share: slots driven by hand, bare subinterpreters beside them, child processes, medians."""

from __future__ import annotations

import importlib.resources
import json
import marshal
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple, Self, cast

if TYPE_CHECKING:
    from enclave_subinterp._native import Done, Slot

ROOT: Final = Path(__file__).resolve().parent.parent
MB: Final = 1024 * 1024
IDLE, RUNNING = 1, 2  # the STATE_ numbers of the core
# A guest's runtime with nothing in it: what a worker's start costs before its warm-up.
EMPTY_BOOTSTRAP: Final = marshal.dumps(
    (compile("def run(request): _enclave.finish(0, None)\n", "<empty runtime>", "exec"),)
)

# --- Slots ---------------------------------------------------------------------------------------------------------
# The core is imported inside the functions: a child that measures an interpreter without the hooks imports this file.


def bootstrap() -> bytes:
    """What a worker's interpreter runs before its first script, as the package hands it over."""
    from enclave_subinterp._adapters import subinterpreter

    return subinterpreter._bootstrap("STANDARD", (), frozenset())


def prepare_host() -> None:
    """What an Enclave does in the host before its first worker."""
    from enclave_subinterp._adapters import subinterpreter

    subinterpreter._prepare_host(())


def make_slot(
    runtime: bytes | None = None, *, pristine: bool = True, rewind: str = "auto", memory_limit: int = 256 * MB
) -> Slot:
    """A slot that is ready to run."""
    from enclave_subinterp import _native

    slot = _native.Slot(
        bootstrap=bootstrap() if runtime is None else runtime,
        memory_limit=memory_limit,
        max_message_size=16 * MB,
        pristine=pristine,
        rewind=rewind,
        name="bench",
    )
    assert slot.wait_ready(30.0)
    return slot


@contextmanager
def ready_slot(**options: Any) -> Iterator[Slot]:
    """A slot for the length of a with statement."""
    prepare_host()
    slot = make_slot(**options)
    try:
        yield slot
    finally:
        assert slot.close(10.0)


def encode_script(source: str) -> bytes:
    """A script as a slot's runtime takes it."""
    from enclave_subinterp import _native

    return _native.encode((source, "<bench>", None, {}))


def take_done(slot: Slot) -> Done:
    """Wait for the end of the run that is under way."""
    while True:
        event = slot.next_event()
        assert event is not None
        if event[0] == 0:  # EVENT_DONE
            return cast("Done", event[2])


def run(slot: Slot, request: bytes) -> object:
    """Run a script to its end; its value."""
    from enclave_subinterp import _native

    slot.start(request)
    done = take_done(slot)
    assert done.payload is not None, done
    value = _native.decode(done.payload)
    assert done.outcome == _native.OUTCOME_VALUE, value
    return value


def until(slot: Slot, state: int) -> None:
    """Wait for a state that the slot is about to reach: in microseconds, so by looking, not by sleeping."""
    deadline = time.monotonic() + 10
    while slot.state != state:
        assert time.monotonic() < deadline, slot.state


# --- Bare subinterpreters ------------------------------------------------------------------------------------------


class Plain:
    """An isolated subinterpreter with its own GIL, made by CPython's own module."""

    def __init__(self) -> None:
        if sys.version_info >= (3, 13):
            self._module: Any = importlib.import_module("_interpreters")
            self._id = self._module.create("isolated")
        else:
            self._module = importlib.import_module("_xxsubinterpreters")
            self._id = self._module.create(isolated=True)

    def exec(self, source: str) -> None:
        """Run a script in it, on the calling thread; RuntimeError if it raises."""
        if sys.version_info >= (3, 13):
            trouble = self._module.exec(self._id, source)
            if trouble is not None:
                raise RuntimeError(trouble.formatted)
        else:
            self._module.run_string(self._id, source)

    def destroy(self) -> None:
        """End it."""
        self._module.destroy(self._id)


def import_script(modules: Sequence[str]) -> str:
    """Source that imports these, but for those that the interpreter cannot hold."""
    return f"for name in {list(modules)!r}:\n try: __import__(name)\n except ImportError: pass\n"


# --- Child processes -----------------------------------------------------------------------------------------------


class Child:
    """``python -m benchmarks.<module> ARGUMENT...``: a line of JSON in, a line of JSON out."""

    def __init__(self, module: str, *arguments: str) -> None:
        command = [sys.executable, "-m", f"benchmarks.{module}", *arguments]
        self._process = subprocess.Popen(
            command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def ask(self, question: object) -> Any:
        """One question, one answer."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        print(json.dumps(question), file=self._process.stdin, flush=True)
        answer = self._process.stdout.readline()
        assert answer, self._process.wait(10)
        return json.loads(answer)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exc: object) -> None:
        with self._process:
            assert self._process.stdin is not None
            self._process.stdin.close()


def serve(answer: Callable[[Any], object]) -> None:
    """The other end of a `Child`."""
    for line in sys.stdin:
        print(json.dumps(answer(json.loads(line))), flush=True)


# --- Numbers -------------------------------------------------------------------------------------------------------


class Ratio(NamedTuple):
    """A ratio, with the bounds between which it lies with a confidence of 95 %."""

    value: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.value:.3f} ({self.low:.3f} to {self.high:.3f})"


def middle_ratio(ratios: Sequence[float]) -> Ratio:
    """The middle of independent figures of one ratio, of which some may be far off: Hodges and Lehmann's estimate.

    The interval is Wilcoxon's; at least six figures.
    """
    means = sorted((a + b) / 2 for i, a in enumerate(ratios) for b in ratios[i:])
    n = len(ratios)
    below = n * (n + 1) / 4 - 1.96 * (n * (n + 1) * (2 * n + 1) / 24) ** 0.5
    last = max(int(below), 1)
    return Ratio(statistics.median(means), means[last - 1], means[-last])
