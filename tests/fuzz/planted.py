"""Has explorer.py judge the core itself, and what only looks like it: ``python planted.py``; JSON on stdout.

The core is had where types are not sealed, which the build for tests can be told to leave out.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

FUZZ = Path(__file__).resolve().parent
sys.path[:0] = [str(FUZZ), str(FUZZ.parent / "suites")]

import layers  # noqa: E402
from reach import EXPLORER, LEVELS, given  # noqa: E402

from enclave_subinterp import Enclave, WorkerPoolConfig  # noqa: E402

PROGRAMS = {
    # Of the core's name, with a method of its own, in a namespace like the runtime's.
    "likeness": """
likeness = MODULE(words["native"])
judge(None, "a module", likeness)
judge(None, "its method", attribute(likeness, "__dir__"))
judge(None, "a namespace", {words["native"]: likeness})
""",
    "core": """
core = getattr(print, words["globals"])[words["native"]]
judge(None, "a namespace", getattr(print, words["globals"]))
judge(None, "a module", core)
judge(None, "its method", core.emit)
""",
    "core under another name": """
core = getattr(print, words["globals"])[words["native"]]
core.__name__ = "other"
judge(None, "a module", core)
judge(None, "its method", core.take)
""",
    "core in a class, on the way": """
Holder.found_here = getattr(print, words["globals"])[words["native"]]
pool[:] = [Holder]
everything(100)
""",
}


def findings(level: str, programs: Sequence[str]) -> dict[str, Any]:
    config = WorkerPoolConfig(min_workers=1, max_workers=1, spare_workers=0)
    found = {}
    with Enclave(security_level=level, worker_pool_config=config, max_iterations=None) as enclave:
        for name in programs:
            source = f"{EXPLORER}\nfound.clear()\n{PROGRAMS[name]}\nfound"
            result = enclave.run(source, globals=given(level, [], 0, []), timeout=30.0)
            assert result.success, result.error
            found[name] = result.value
    return found


def main() -> None:
    likeness, *core = PROGRAMS
    sealed = {level: findings(level, [likeness]) for level in LEVELS}
    layers.keep_only(set(layers.LAYERS) - {"types"})
    print(json.dumps({level: {**sealed[level], **findings(level, core)} for level in LEVELS}))


if __name__ == "__main__":
    main()
