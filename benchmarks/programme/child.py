"""One section in a process of its own: `python -m benchmarks.programme.child NAME SECONDS QUICK`; JSON on stdout."""

from __future__ import annotations

import json
import os
import sys

from benchmarks.programme.sections import SECTIONS


def main(name: str, seconds: str, quick: str) -> None:
    """Measure; what the peers print goes to stderr."""
    out = os.dup(1)
    os.dup2(2, 1)
    found = SECTIONS[name].measure(float(seconds), quick == "quick")
    with os.fdopen(out, "w") as stream:
        json.dump(found, stream)


if __name__ == "__main__":
    main(*sys.argv[1:])
