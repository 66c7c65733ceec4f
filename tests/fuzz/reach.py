"""Fuzzes what a guest can reach: ``python reach.py SECONDS SEED LAST`` (see hammer.py).

A guest composes attributes, calls, items, operators, callbacks, class patterns and errors from all that it has, at
STRICT and at STANDARD (explorer.py).  It says itself what it should not have come by: the runtime's frames and
namespace, the core's functions, links of functions that are not its own, modules that are not in the library,
descriptors, the secret.  The host sees whether anything of its own has changed and whether the next run is right.
"""

from __future__ import annotations

import dataclasses
import json
import os
import sys
import tempfile
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

FUZZ = Path(__file__).resolve().parent
sys.path[:0] = [str(FUZZ), str(FUZZ.parent / "suites")]

import host_state  # noqa: E402
from hammer import Last, hammer  # noqa: E402

from enclave_subinterp import Enclave, ErrorCode, SecurityLevel  # noqa: E402
from enclave_subinterp._adapters.library import _STUBS, MODULES, allowed_at  # noqa: E402
from enclave_subinterp._adapters.preload import _HARMLESS  # noqa: E402
from enclave_subinterp.guest.rules import allowed_builtins  # noqa: E402

EXPLORER = (FUZZ / "explorer.py").read_text(encoding="utf-8")
SECRET = "canary" + os.urandom(12).hex()
LEVELS = ("STRICT", "STANDARD")
MB = 1024 * 1024
EVERYTHING = 100_000  # objects of the crawl, more than there are
# In every interpreter, whatever its library; what they can do, the audit policy and the filter refuse.
OF_THE_RUNTIME = {
    "sys", "builtins", "_imp", "_thread", "_warnings", "_weakref", "_frozen_importlib", "_frozen_importlib_external",
    "posix", "time", "_io", "_signal", "_codecs", "_abc", "_stat", "_locale", "site",
}  # fmt: skip
# Of the standard library this is not to be had in a guest.
ABSENT = sorted(sys.stdlib_module_names - set(MODULES.split()) - _HARMLESS - OF_THE_RUNTIME - _STUBS.keys())

WORDS = {
    "import": "__import__",
    "secret backwards": SECRET[::-1],
    "globals": "__globals__",
    "code": "__code__",
    "traceback": "__traceback__",
    "frame of traceback": "tb_frame",
    "frame scopes": ["f_globals", "f_locals", "f_builtins"],
    "back": "f_back",
    "frame code": "f_code",
    "runtime": "<enclave runtime>",
    "native": "_enclave",
    "of the core": ["emit", "post", "take"],
    "spec": "__spec__",
    "self": "__self__",
    "links of functions": ["__globals__", "__closure__", "__builtins__"],
    "mro": "__mro__",
    "dict": "__dict__",
    "match args": "__match_args__",
    "builtin scope": "__builtins__",
    "subclasses": "__subclasses__",
    "flags": "__flags__",
    "keywords": [
        "key",
        "default",
        "name",
        "loop",
        "object_hook",
        "globals",
        "file",
        "repl",
        "fromlist",
        "context",
    ],
}
CONSTANTS = [
    None, True, 0, 1, -1, 3, 200, 1.5, "", "a", "{0.__class__}", "__globals__", "__closure__", "__code__",
    "__builtins__", "__subclasses__", "__dict__", "f_globals", "f_back", "gi_frame", "cr_frame", "tb_frame", "__self__",
    "__loader__",
    "os", "sys", "posix", "gc", "ctypes", "_enclave", "<string>", "eval", "exec", "1+1", "print", b"a", [1, 2],
    {"a": 1}, (1, 2), "/etc/passwd", "/proc/self/environ", "utf-8", "r", "__main__", "ENCLAVE_CANARY",
]  # fmt: skip


def given(level: str, plan: list[int], crawl: int, constants: list[Any]) -> dict[str, Any]:
    """The names that explorer.py finds."""
    return {
        "plan": plan,
        "crawl": crawl,
        "words": {**WORDS, "builtins": sorted(allowed_builtins(level))},
        "constants": constants,
        "modules": sorted(allowed_at(level)),
        "absent": ABSENT,
    }


class Guests:
    """An enclave at each level, and the host as it was before them."""

    def __init__(self, last: Last, folder: str) -> None:
        self._last = last
        self._victim = Path(folder, "victim")
        self._victim.write_text(SECRET)
        self._enclaves = {
            level: Enclave(
                security_level=level,
                worker_pool_config=dataclasses.replace(
                    SecurityLevel(level).pool_config,
                    min_workers=1,
                    max_workers=1,
                    spare_workers=0,
                    memory_limit_per_worker=512 * MB,
                    max_executions_per_worker=1_000_000,
                ),
                max_iterations=None,
                tool_handler=lambda name, args: args,
            )
            for level in LEVELS
        }
        self._constants = [*CONSTANTS, str(self._victim)]
        for level in LEVELS:
            self._run(level, "1", {})
        host_state.watch_signals()
        self._before = host_state.snapshot((0,))
        self.codes: dict[str, int] = {}

    def _run(self, level: str, code: str, names: dict[str, Any], timeout: float = 1.0) -> Any:
        return self._enclaves[level].run(code, globals=names, timeout=timeout)

    def explore(self, level: str, plan: list[int], crawl: int = 0, timeout: float = 1.0) -> None:
        """One run; AssertionError for what it should not have come by."""
        names = given(level, plan, crawl, self._constants)
        result = self._run(level, EXPLORER, names, timeout)
        code = "value" if result.success else result.error.code.value
        self.codes[code] = self.codes.get(code, 0) + 1
        where = f"{level}, plan {json.dumps(plan)}"
        if result.success and type(result.value) is list and result.value and result.value[0]:
            raise AssertionError(f"{where}: a guest came by {result.value[0]}")
        if crawl:
            assert result.success, f"{where}: the crawl ended with {result.error}"
            print(f"{level}: {result.value[1]} objects", flush=True)
        said = [result.stdout, result.stderr, repr(result.value) if result.success else repr(result.error)]
        assert not any(SECRET in text for text in said), f"{where}: the secret came out: {said}"
        assert code != ErrorCode.VALIDATION_ERROR, f"{where}: {result.error}"
        after = self._enclaves[level].run("sum(range(10))", timeout=30.0)
        assert after.value == 45, f"{where}: the next run came to {after}"
        assert self._enclaves[level].stats().condemned_slots == 0, f"{where}: a worker was condemned"
        changed = host_state.changes(self._before, host_state.snapshot((0,)))
        assert not changed, f"{where}: {changed}"
        assert self._victim.read_text() == SECRET, f"{where}: the victim has changed"
        assert [*self._victim.parent.iterdir()] == [self._victim], f"{where}: the guest has made a file"


def main(seconds: str, seed: str, last: str) -> None:
    os.environ["ENCLAVE_CANARY"] = SECRET
    note = Last(last)
    plans = st.lists(st.integers(0, 2**31), min_size=100, max_size=600)
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        guests = Guests(note, folder)
        for level in LEVELS:
            note.note(f"everything that attributes lead to at {level}")
            guests.explore(level, [], EVERYTHING, 60.0)
        properties = {
            level: (lambda plan, level=level: guests.explore(level, plan), plans) for level in LEVELS
        }
        hammer(properties, float(seconds), int(seed), note)
        print(json.dumps(guests.codes), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
