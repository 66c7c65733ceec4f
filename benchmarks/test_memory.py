"""What an idle worker keeps in memory, its snapshot included, beside a bare subinterpreter with the same modules.

Counted are the pages that a further one adds to the process: private ones (RssAnon) and, of the snapshots, those
that are in the page cache whether mapped or not.  Each side has a child process of its own.
"""

from __future__ import annotations

import ctypes
import gc
import mmap
import re
import sys
from pathlib import Path
from typing import Any, Final

import pytest

from benchmarks import _measure

HOW_MANY: Final = 6


def snapshot_bytes() -> int:
    """What the snapshots' files hold, by mincore() over the core's own mappings of them (holes do not count)."""
    libc = ctypes.CDLL(None)
    pages = 0
    for line in Path("/proc/self/maps").read_text().splitlines():
        match = re.match(r"([0-9a-f]+)-([0-9a-f]+) r--s .*memfd:enclave-snapshot", line)
        if match is not None:
            start, end = (int(text, 16) for text in match.groups())
            there = (ctypes.c_ubyte * ((end - start) // mmap.PAGESIZE))()
            assert libc.mincore(ctypes.c_void_p(start), ctypes.c_size_t(end - start), there) == 0
            pages += sum(flags & 1 for flags in there)
    return pages * mmap.PAGESIZE


def held_bytes() -> int:
    """Of this process: private pages and snapshots."""
    gc.collect()
    status = Path("/proc/self/status").read_text()
    match = re.search(r"^RssAnon:\s+(\d+) kB$", status, re.MULTILINE)
    assert match is not None
    return int(match[1]) * 1024 + snapshot_bytes()


def main_slots() -> None:
    """The child with workers: one first, for what the process pays once."""
    _measure.prepare_host()
    made = [_measure.make_slot()]

    def answer(question: Any) -> object:
        if question == "modules":
            return _measure.run(made[0], _measure.encode_script("import sys; sorted(sys.modules)"))
        before = held_bytes()
        for _ in range(HOW_MANY):
            made.append(_measure.make_slot())
            if question == "used":
                _measure.run(made[-1], _measure.encode_script("1+1"))
                _measure.until(made[-1], _measure.IDLE)
        each = (held_bytes() - before) // HOW_MANY
        while len(made) > 1:
            assert made.pop().close(10.0)
        return each

    _measure.serve(answer)


def main_plain() -> None:
    """The child with bare subinterpreters."""

    def answer(modules: Any) -> object:
        for name in modules:
            if name != "__main__":
                __import__(name)
        script = _measure.import_script(modules)
        made = []
        before = 0
        for i in range(HOW_MANY + 1):
            made.append(_measure.Plain())
            made[-1].exec(script)
            if i == 0:
                before = held_bytes()
        each = (held_bytes() - before) // HOW_MANY
        for plain in made:
            plain.destroy()
        return each

    _measure.serve(answer)


def test_memory(capsys: pytest.CaptureFixture[str]) -> None:
    with _measure.Child("test_memory", "slots") as slots, _measure.Child("test_memory", "plain") as plain:
        modules = slots.ask("modules")
        fresh, used = slots.ask("fresh"), slots.ask("used")
        bare = plain.ask(modules)
    rows = {
        "worker, started": fresh,
        "worker, after a run and its rewind": used,
        f"bare subinterpreter, the same {len(modules)} modules": bare,
    }
    with capsys.disabled():
        print("\n\nresident memory each")
        for name, size in rows.items():
            print(f"  {name:<46} {size / _measure.MB:6.2f} MB   {size / bare:.2f}")


if __name__ == "__main__":
    {"slots": main_slots, "plain": main_plain}[sys.argv[1]]()
