"""What the programs of this folder share: the points of a slot's life, a script that passes all of a run, a judge.

The points are the core's (csrc/testing.h), of a build with ENCLAVE_TESTING as `make test` makes it.
"""

from __future__ import annotations

import logging
import sys
import threading
from dataclasses import replace
from typing import Any

from enclave_subinterp import Enclave, EnclaveError, RunHandle, WorkerPoolPresets

STUCK = 20.0  # seconds in which something must have happened

# Of a slot's thread, by what a halt can come to there.
BIRTH = (
    "birth begun",
    "birth creating",
    "birth created",
    "birth attached",
    "birth loaded",
    "birth warm",
    "birth detached",
    "birth before the snapshot",
    "birth after the snapshot",
    "birth over",
)
RUN = (
    "run taken",
    "run landing set",
    "run leavable",
    "run announced",
    "run attached",
    "run importing",
    "run writing",
    "run written",
    "run posting",
    "run asking",
    "run answered",
    "run encoding",
    "run encoded",
    "run returned",
    "run detached",
    "run over",
)
ANSWERED = ("answer out", "rewind begun", "rewind restored", "rewind over")
ERRAND = ("errand begun", "errand over")
END = ("end begun", "end traceless", "end unlinked", "end released", "end over")

# Every point of a run is on its way.
SCRIPT = "import graphlib\nprint('said')\ngot = call_tool('double', {'n': 21})\n[got, 'x' * 5000, {'a': [1.5, None]}]"
VALUE = [42, "x" * 5000, {"a": [1.5, None]}]


def native() -> Any:
    """The extension; Any, because what only test builds have is not in its stub."""
    from enclave_subinterp import _native

    module: Any = _native
    if not hasattr(module, "points"):
        raise SystemExit("this build has no _native.points(): it was made without ENCLAVE_TESTING")
    return module


awaited = threading.Event()  # the tool's answer waits for this


def tool(name: str, arguments: dict[str, Any]) -> int:
    assert awaited.wait(STUCK)
    return 2 * int(arguments["n"])


def enclave(**config: Any) -> Enclave:
    """One worker, which is made when it is first needed."""
    wanted = {"min_workers": 1, "max_workers": 1, "warm_on_init": False, "graceful_shutdown_timeout": 0.0}
    return Enclave(
        worker_pool_config=replace(WorkerPoolPresets.STANDARD, **{**wanted, **config}),
        timeout=60.0,
        tool_handler=tool,
        on_output=lambda stream, text: None,
    )


class Told:
    """A submitted script, and how often it was told of its end."""

    def __init__(self, host: Enclave, code: str = SCRIPT) -> None:
        self.times = 0
        self.over = threading.Event()
        self.handle = host.submit(code)
        self.handle.add_done_callback(self._tell)

    def _tell(self, handle: RunHandle) -> None:
        self.times += 1
        self.over.set()

    def outcome(self) -> str:
        """`value`, the error's code, or the refusal's class; once."""
        assert self.over.wait(STUCK), "no answer"
        try:
            result = self.handle.result(STUCK)
        except EnclaveError as error:
            what = type(error).__name__
        else:
            what = "value" if result.error is None else result.error.code.value
            assert result.error is not None or result.value == VALUE, result
        assert self.times == 1, f"told {self.times} times"
        return what


def check(condition: bool, *facts: Any) -> None:
    """An assertion that says what was the case."""
    if not condition:
        raise AssertionError(*facts)


def serves(host: Enclave) -> int:
    """A run that comes to what it should; the id of its worker."""
    result = host.run(SCRIPT)
    check(result.value == VALUE and result.stdout == "said\n", result)
    return result.stats.worker_id


def quiet_logs() -> None:
    """Warnings and errors of the package are expected where a worker is lost on purpose; they go nowhere."""
    logging.getLogger("enclave_subinterp").addHandler(logging.NullHandler())
    sys.setswitchinterval(0.001)
