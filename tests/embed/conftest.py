"""The library, built once, and programs compiled with it."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from enclave_subinterp.embed.build import build, flags
from enclave_subinterp.embed.libpython import MissingError

HERE = Path(__file__).parent
EXAMPLES = HERE.parents[1] / "examples" / "embed"

Compile = Callable[..., Path]


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder with libenclave.so and enclave.h, made by the command that the documents name."""
    folder = tmp_path_factory.mktemp("embed") / "made"
    command = [sys.executable, "-W", "error", "-m", "enclave_subinterp.embed", "build", str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=100, check=False)
    if done.returncode != 0:
        pytest.fail(f"the library cannot be built here: {done.stderr}", pytrace=False)
    assert "warning" not in done.stderr
    return folder


@pytest.fixture(scope="session")
def compiled(built: Path) -> Compile:
    """Compiles a program with the library, once; warnings are errors."""
    made: dict[Path, Path] = {}

    def compile_it(source: Path, *more: str) -> Path:
        if source not in made:
            program = built / source.stem
            compiler = ["c++", "-std=c++17"] if source.suffix == ".cpp" else ["cc", "-std=c17"]
            command = [
                *compiler,
                "-D_GNU_SOURCE",
                "-Wall",
                "-Wextra",
                "-Werror",
                "-pthread",
                str(source),
                "-o",
                str(program),
            ]
            command += [*more, *flags(built), "-lm"]
            try:
                done = subprocess.run(command, capture_output=True, text=True, timeout=100, check=False)
            except FileNotFoundError:
                pytest.fail(f"the programs cannot be compiled: there is no {compiler[0]}", pytrace=False)
            assert done.returncode == 0, done.stderr
            made[source] = program
        return made[source]

    return compile_it


__all__ = ["EXAMPLES", "HERE", "Compile", "MissingError", "build", "flags"]
