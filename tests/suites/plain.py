"""Proves that the hostile programs are hostile: what each does on plain CPython, without this package.

    python tests/suites/plain.py halt|stain|memory|contain [NAME ...]

Each program runs in a child process of the same Python, in an isolated subinterpreter of the standard library on
a thread of its own: the place where a guest runs, without anything that could stop it.

- halt: must still be running after two seconds, or end in what its expect line allows;
- stain: the verifying part is True before the stain, and False or an exception after it;
- memory: the process must grow by more than the limit, or Python itself refuses;
- contain: the process must die of a signal, or end in what the expect line allows.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from programs import KINDS, Program, load, load_all

PATIENCE = 2.0  # seconds after which a program counts as endless
MEMORY_LIMIT = 64 * 1024 * 1024
ADDRESS_SPACE = 3 * 1024**3  # of a child: more than any program needs to show what it does

# Runs inside the subinterpreter, with builtins of its own, so that a guest that breaks its builtins does not break
# the report.  A top-level await is run by asyncio; the value is that of the last expression.
GUEST = r"""
import ast, builtins, os, sys, types
def report(*words, write=os.write, fd=FD):
    write(fd, (" ".join(words) + "\n").encode("utf-8", "replace"))
def run(source, parse=compile, namespace=sys.modules["__main__"].__dict__):
    tree = parse(source, "<guest>", "exec", ast.PyCF_ONLY_AST)
    if tree.body and isinstance(tree.body[-1], ast.Expr):
        last = tree.body[-1]
        target = ast.copy_location(ast.Name("_value", ast.Store()), last)
        tree.body[-1] = ast.copy_location(ast.Assign([target], last.value), last)
    code = parse(tree, "<guest>", "exec", ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
    namespace["_value"] = None
    if code.co_flags & 0x80:
        import asyncio
        async def main(awaitable):
            return await awaitable
        asyncio.run(main(eval(code, namespace)))
    else:
        exec(code, namespace)
    return namespace["_value"]
for source in SOURCES:
    try:
        value = run(source)
    except BaseException as error:
        kind = type(error)
        report("raised", type.__dict__["__name__"].__get__(kind), ascii(str(error))[:120])
    else:
        report("value", ascii(repr(value))[:120])
"""


def child(fd: int, kind: str, path: str) -> None:
    """Run one program and report on a descriptor; called in the child process."""
    if kind in ("halt", "memory"):
        resource.setrlimit(resource.RLIMIT_AS, (ADDRESS_SPACE, ADDRESS_SPACE))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    program = load(Path(path))
    sources = [program.code]
    if kind == "stain":
        sources = [program.verify, program.code, program.verify]
    text = f"FD = {fd}\nSOURCES = {sources!r}\n" + GUEST
    wrapper = f"import builtins\nexec({text!r}, {{'__builtins__': dict(vars(builtins))}})"

    def work() -> None:
        if sys.version_info >= (3, 13):
            import _interpreters as interpreters  # type: ignore[import-not-found]

            interp = interpreters.create("isolated")
            error = interpreters.exec(interp, wrapper)
            if error:
                os.write(fd, f"failed {error.formatted}\n".encode())
        else:
            import _xxsubinterpreters as interpreters  # type: ignore[import-not-found]

            interp = interpreters.create(isolated=True)
            try:
                interpreters.run_string(interp, wrapper)
            except interpreters.RunFailedError as error:
                os.write(fd, f"failed {error}\n".encode())
        os.write(fd, b"ending\n")
        interpreters.destroy(interp)
        os.write(fd, b"ended\n")

    threading.stack_size(8 * 1024 * 1024)
    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    os._exit(0)


def resident(pid: int) -> int:
    """The peak of resident memory in bytes; 0 when the process is gone."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines()
    except OSError:
        return 0
    return sum(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM"))


def observe(program: Program) -> dict[str, object]:
    """Run one program in a child; what it reported, how it ended, how far it grew."""
    r, w = os.pipe()
    stdin_r, stdin_w = os.pipe()
    patience = PATIENCE if program.kind in ("halt", "memory") else 10 * PATIENCE
    with tempfile.TemporaryDirectory() as tmp:
        process = subprocess.Popen(
            [sys.executable, "-I", __file__, "--child", str(w), program.kind, str(program.path)],
            pass_fds=[w],
            stdin=stdin_r,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            env={**os.environ, "TMPDIR": tmp},
        )
        os.close(w)
        os.close(stdin_r)
        start = time.monotonic()
        peak, first = 0, 0
        while process.poll() is None and time.monotonic() - start < patience:
            peak = max(peak, resident(process.pid))
            first = first or peak
            time.sleep(0.02)
        running = process.poll() is None
        if running:
            process.kill()
        _, stderr = process.communicate()
    os.close(stdin_w)
    with os.fdopen(r, "rb") as f:
        lines = f.read().decode().splitlines()
    return {
        "running": running,
        "status": process.returncode,
        "lines": lines,
        "peak": peak,
        "stderr": stderr.decode(errors="replace")[-300:],
    }


def judge(program: Program, seen: dict[str, object]) -> tuple[bool, str]:
    """Whether the program does what its kind says, and in a few words what it did."""
    lines: list[str] = seen["lines"]  # type: ignore[assignment]
    said = " / ".join(lines)
    outcomes = [line for line in lines if line.split()[0] in ("raised", "value", "failed")]
    if program.kind == "stain":
        if len(outcomes) < 2 or outcomes[0] != "value 'True'" or not outcomes[1].startswith("value"):
            return False, said
        return (len(outcomes) == 3 and outcomes[2] != "value 'True'"), said
    if seen["running"]:
        phase = "at the end" if outcomes else "in the run"
        grown = f" after {int(seen['peak']) >> 20} MB" if program.kind == "memory" else ""  # type: ignore[call-overload]
        right = program.kind == "halt" or (
            program.kind == "memory" and (int(seen["peak"]) > MEMORY_LIMIT or "TIMEOUT" in program.expect)  # type: ignore[call-overload]
        )
        return right, f"endless {phase}{grown} {said}"
    if not outcomes:
        return program.kind == "contain" and "WORKER_CRASHED" in program.expect, f"signal {-seen['status']}"  # type: ignore[operator]
    outcome = outcomes[-1]
    if outcome.startswith("raised MemoryError") and "MEMORY_LIMIT_EXCEEDED" in program.expect:
        return True, outcome
    if outcome.startswith("value") and "RESULT_NOT_SERIALIZABLE" in program.expect:
        return True, outcome
    code = "SUCCESS" if outcome.startswith("value") else "EXECUTION_ERROR"
    grown = program.kind == "memory" and int(seen["peak"]) > MEMORY_LIMIT  # type: ignore[call-overload,assignment]
    return bool(
        grown
    ) or code in program.expect, f"{outcome} (status {seen['status']}, {int(seen['peak']) >> 20} MB)"  # type: ignore[call-overload]


def main(kind: str, names: list[str]) -> int:
    wrong = 0
    for program in load_all(kind):
        if names and program.name not in names:
            continue
        seen = observe(program)
        right, text = judge(program, seen)
        wrong += not right
        print(
            json.dumps({"ok": right, "name": program.name, "did": text, "stderr": seen["stderr"]}), flush=True
        )
    return 1 if wrong else 0


if __name__ == "__main__":
    if sys.argv[1] == "--child":
        child(int(sys.argv[2]), sys.argv[3], sys.argv[4])
    elif sys.argv[1] in KINDS:
        sys.exit(main(sys.argv[1], sys.argv[2:]))
    else:
        sys.exit(f"usage: plain.py {'|'.join(KINDS)} [NAME ...]")
