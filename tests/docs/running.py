"""Runs the programs of one page in order, in a folder of the page's own: ``python running.py PAGE``.

The blocks of Python share a namespace, as if a reader typed them one after another; what a block prints is compared
with the block of text after it.  The line numbers of tracebacks are those of the page.  A block of shell is run by
bash with the environment's programs first on PATH.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import re
import subprocess
import sys
import tempfile
import tomllib
import traceback
from pathlib import Path
from typing import NoReturn

from blocks import Block, read

_DATA = {"json": json.loads, "toml": tomllib.loads}


class Runner:
    """The programs of one page."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.namespace: dict[str, object] = {"__name__": "__main__"}
        self.printed: str | None = None  # by the program before

    def run(self) -> None:
        """Run them all."""
        page = read(self.name)
        for name, text in page.files.items():
            _write(name, text)
        left_out = False
        for block in page.blocks:
            left_out = not _fits(block) or (left_out and block.language == "text")  # with what it would print
            if "not run:" in block.directives or left_out:
                self.printed = None
            elif "file" in block.directives:
                _write(block.directives["file"], block.text)
            elif block.language == "python":
                self.printed = self.own(block) if "own program" in block.directives else self.shared(block)
            elif block.language == "sh":
                self.printed = self.shell(block)
            elif block.language == "text":
                self.compare(block)
            elif block.language in _DATA:
                _DATA[block.language](block.text)
            else:
                self.fail(
                    block, f"is {block.language or 'of no language'} and does not say why it is not run"
                )

    def shared(self, block: Block) -> str:
        """In the namespace that the page's blocks share."""
        source = "\n" * (block.line - 1) + block.text
        output = io.StringIO()
        with contextlib.redirect_stdout(output):
            try:
                exec(compile(source, self.name, "exec", dont_inherit=True), self.namespace)
            except BaseException:  # noqa: BLE001 - exits included: a block is to come to its end
                traceback.print_exc()
                self.fail(block, "failed")
        return output.getvalue()

    def own(self, block: Block) -> str:
        """As a program of its own."""
        place = Path(f"line_{block.line}.py")
        _write(str(place), block.text)
        return self.ended(block, [sys.executable, "-W", "error", str(place)])

    def shell(self, block: Block) -> str:
        """By bash."""
        return self.ended(block, ["bash", "-euo", "pipefail", "-c", block.text])

    def ended(self, block: Block, command: list[str]) -> str:
        """What the program has written to both streams, if it ended as it should."""
        done = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        wanted = int(block.directives.get("exit", "0"))
        if done.returncode != wanted:
            self.fail(block, f"ended with {done.returncode} instead of {wanted}:\n{done.stdout}")
        return done.stdout

    def compare(self, block: Block) -> None:
        """The block is what the program before it has printed."""
        if self.printed is None:
            self.fail(block, "is the output of no program, and does not say why it is not run")
        pattern = ".*?".join(re.escape(part) for part in block.text.rstrip().split("..."))
        if not re.fullmatch(pattern, self.printed.rstrip(), re.DOTALL):
            self.fail(block, f"is not what the program before it prints:\n{self.printed}")
        self.printed = None

    def fail(self, block: Block, why: str) -> NoReturn:
        """End with this complaint."""
        sys.exit(f"{self.name}:{block.line}: the block {why}")


def _fits(block: Block) -> bool:
    wanted = block.directives.get("python", "3.0").split(".")
    return sys.version_info >= tuple(map(int, wanted))


def _write(name: str, text: str) -> None:
    place = Path(name)
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(text, encoding="utf-8")


def main() -> None:
    """Run the page that the command line names."""
    os.environ["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    os.environ["NO_COLOR"] = "1"
    sys.path[:] = ["", *sys.path[1:]]  # the page's folder, as of a program there
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        Runner(sys.argv[1]).run()
        os.chdir("/")


if __name__ == "__main__":
    main()
