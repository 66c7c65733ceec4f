"""`make bench`: the targets of the design beside the peers, in one run.

Each section is a process of its own, in which all that is compared takes turns round by round, so that what else the
machine does hits all of them alike.  What it comes to is shown, and written down for `make report`.
"""

from __future__ import annotations

import argparse
import contextlib
import datetime
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any, Final

from benchmarks.programme import machine, terminal
from benchmarks.programme.noise import Watch
from benchmarks.programme.sections import SECTIONS

ROOT: Final = Path(__file__).resolve().parent.parent
RESULTS: Final = ROOT / "build" / "benchmarks"
QUICK: Final = 0.06  # of the time
LIMIT: Final = 300.0  # seconds after which a section is ended, beyond what it should take


def main() -> int:
    """Measure, show, write down; 1 if a section failed."""
    options = _options()
    if options.list:
        for name, section in SECTIONS.items():
            print(f"{name:<12} {section.what}")
        return 0
    document: dict[str, Any] = {
        "schema": 1,
        "taken": datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
        "quick": options.quick,
        "partial": bool(options.sections),
        "machine": machine.describe(),
        "sections": _counted(),
        "noise": {},
        "failed": {},
    }
    share = (QUICK if options.quick else 1.0) * options.share
    names = options.sections or list(SECTIONS)
    begun = time.monotonic()
    for number, name in enumerate(names, 1):
        terminal.say(f"{number} of {len(names)}: {name}, {SECTIONS[name].what}")
        watch = Watch.begin()
        found = _measure(name, SECTIONS[name].seconds * share, quick=options.quick)
        document["noise"][name] = watch.end()
        if isinstance(found, str):
            document["failed"][name] = found
        else:
            document["sections"][name] = found
    document["seconds"] = round(time.monotonic() - begun, 1)
    path = (
        options.out or RESULTS / f"{document['machine']['python']}-{document['taken'].replace(':', '')}.json"
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(document, indent=1) + "\n")
    terminal.show(document)
    terminal.say(f"written to {path}")
    return 1 if document["failed"] else 0


def _counted() -> dict[str, Any]:
    """What `make guard` has counted on this version of CPython."""
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    path = ROOT / "tests" / "guard" / "limits" / f"{version}.json"
    return {"counted": {"rows": json.loads(path.read_text())["limits"]}} if path.exists() else {}


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__.splitlines()[0])
    parser.add_argument("sections", nargs="*", metavar="SECTION", help="only these (see --list)")
    parser.add_argument(
        "--quick", action="store_true", help="a few rounds of everything: what works, not figures"
    )
    parser.add_argument("--share", type=float, default=1.0, help="of the ordinary time (default 1)")
    parser.add_argument("--out", type=Path, help="the file to write (default: in build/benchmarks)")
    parser.add_argument("--list", action="store_true", help="list the sections and end")
    options = parser.parse_args()
    unknown = [name for name in options.sections if name not in SECTIONS]
    if unknown:
        parser.error(f"no such section: {', '.join(unknown)} (there are {', '.join(SECTIONS)})")
    return options


def _measure(name: str, seconds: float, *, quick: bool) -> dict[str, Any] | str:
    """What the section came to; text says why it failed."""
    command = [
        sys.executable,
        "-m",
        "benchmarks.programme.child",
        name,
        str(seconds),
        "quick" if quick else "whole",
    ]
    with subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    ) as child:
        try:
            out, err = child.communicate(timeout=seconds + LIMIT)
        except subprocess.TimeoutExpired:
            return f"not done after {seconds + LIMIT:.0f} s"
        finally:
            with contextlib.suppress(ProcessLookupError):  # what a section that failed has left behind
                os.killpg(child.pid, signal.SIGKILL)
    if child.returncode != 0:
        last = err.strip().splitlines()[-1:] or ["no word"]
        terminal.say(err)
        return f"exit {child.returncode}: {last[0]}"
    found: dict[str, Any] = json.loads(out)
    return found


if __name__ == "__main__":
    sys.exit(main())
