"""The child process of test_benign.py: runs the programs it is told and prints what each came to, as JSON.

    python benign_child.py plain|STRICT|STANDARD|inline NAME ...

In *plain* each program runs in a fork of its own, in CPython without this package.
"""

from __future__ import annotations

import importlib
import json
import os
import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent))

import reference
from benign import FOLDER, Benign, load, tools

PRELOADED = (
    "asyncio collections dataclasses datetime decimal enum functools inspect json logging random re typing"
)


def run_plain(program: Benign) -> dict[str, Any]:
    """What a program comes to in this process."""
    out: list[str] = []
    err: list[str] = []
    sys.stdout, sys.stderr = reference.Output(out.append), reference.Output(err.append)
    names = reference.runtime(tools, sys.stdout)
    value: object = None
    error = None
    try:
        value = reference.execute(program.code, {"__name__": "__main__", **names})
    except BaseException as raised:  # noqa: BLE001 - whatever the program raises
        error = [type(raised).__name__, str(raised)]
    return {
        "value": reference.canonical(value),
        "stdout": "".join(out),
        "stderr": "".join(err),
        "error": error,
    }


def plain(programs: list[Benign]) -> dict[str, Any]:
    for name in PRELOADED.split():
        importlib.import_module(name)
    found = {}
    for program in programs:
        receiving, sending = os.pipe()
        pid = os.fork()
        if pid == 0:
            os.close(receiving)
            with os.fdopen(sending, "w", encoding="utf-8") as file:
                json.dump(run_plain(program), file)
            os._exit(0)
        os.close(sending)
        with os.fdopen(receiving, encoding="utf-8") as file:
            found[program.name] = json.load(file)
        os.waitpid(pid, 0)
    return found


def enclave(level: str, programs: list[Benign]) -> dict[str, Any]:
    from enclave_subinterp import Enclave

    found = {}
    options = {"adapter": "inline"} if level == "inline" else {"security_level": level}
    with Enclave(**options, tool_handler=tools) as guests:
        for program in programs:
            result = guests.run(program.code)
            error = None if result.error is None else [result.error.name, result.error.message]
            found[program.name] = {
                "value": reference.canonical(result.value),
                "stdout": result.stdout,
                "stderr": result.stderr,
                "error": error,
            }
    return found


if __name__ == "__main__":
    chosen = [load(FOLDER / f"{name}.py") for name in sys.argv[2:]]
    print(json.dumps(plain(chosen) if sys.argv[1] == "plain" else enclave(sys.argv[1], chosen)))
