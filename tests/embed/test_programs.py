"""C and C++ programs that run scripts through libenclave.so: what they print, and that nothing else is printed."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from enclave_subinterp.embed.build import build, flags
from enclave_subinterp.embed.libpython import MissingError, archive, foreign_loader, include_folders, library

from .conftest import EXAMPLES, HERE, Compile

SCRIPTS = """\
value        45
tool         750  (printed: asking)
tool error   TOOL_ERROR: there is no such thing
exception    EXECUTION_ERROR: division by zero
syntax       VALIDATION_ERROR: invalid syntax (<enclave>, line 1)
endless      TIMEOUT: ran for N ms; the limit is 300 ms
memory bomb  MEMORY_LIMIT_EXCEEDED: held N MB when it asked for more; the limit is 32.0 MB
chatty       OUTPUT_LIMIT: wrote too much output; the limits are 100 writes and 1000 bytes  (printed: spamspamspamspamspamspamspamspamspamspam)
"""  # noqa: E501
TENANTS = """\
tenant 10: 25 of 25
tenant 11: 25 of 25
tenant 12: 25 of 25
tenant 13: 0 of 25
killed: ABORTED
wrong script: EXECUTION_ERROR
asked 100 times
ENCLAVE_ERROR_ARGUMENT: timeout: expected seconds (more than 0, math.inf for none), got -1.0
"""
HAVING = f"python{sys.version_info[0]}.{sys.version_info[1]}"


def run(program: Path, *arguments: str, code: int = 0, **variables: str) -> str:
    """What it prints; nothing may come on stderr."""
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "ENCLAVE"))
    }
    done = subprocess.run(
        [str(program), *arguments], env={**environment, **variables}, stdin=subprocess.DEVNULL, capture_output=True,
        text=True, timeout=60, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (code, ""), done.stdout
    return done.stdout


def plain(text: str) -> str:
    return re.sub(r"(ran for|held) [\d.]+", r"\1 N", text)


def test_the_example_in_c(compiled: Compile) -> None:
    printed = plain(run(compiled(EXAMPLES / "scripts.c")))
    assert printed.startswith(SCRIPTS)
    assert 'after that   "still here"\n' in printed
    assert printed.endswith("3 well, 1 out of time, 1 out of memory; the tool was asked 2 times\n")


def test_the_example_in_cpp(compiled: Compile) -> None:
    assert run(compiled(EXAMPLES / "tenants.cpp")) == TENANTS


def test_the_first_program_of_the_documents(compiled: Compile, tmp_path: Path) -> None:
    text = (EXAMPLES.parents[1] / "docs" / "embedding.md").read_text(encoding="utf-8")
    (program,) = re.findall(r"```c\n(.*?)```", text, re.DOTALL)
    source = tmp_path / "first.c"
    source.write_text(program, encoding="utf-8")
    assert run(compiled(source)) == "750\n"


def test_what_the_header_promises(compiled: Compile) -> None:
    printed = run(compiled(HERE / "contract.c"))
    assert re.fullmatch(r"\d{3,} looked at, 0 wrong\n", printed), printed


def test_a_program_in_another_locale_and_folder(compiled: Compile, tmp_path: Path) -> None:
    """GIVEN variables that lead a Python astray WHEN a program runs THEN its Python does not heed them."""
    printed = run(
        compiled(HERE / "life.c"),
        "start",
        LC_ALL="C",
        PYTHONHOME="/nowhere",
        PYTHONPATH=str(tmp_path),
        HOME="/nowhere",
    )
    assert printed == "open: ENCLAVE_OK \nrun: ENCLAVE_OK 42\n" * 2 + "shutdown: ENCLAVE_OK\n"


def test_a_program_may_end_while_scripts_run(compiled: Compile) -> None:
    assert run(compiled(HERE / "life.c"), "exit", code=7) == "open: ENCLAVE_OK\n"


def test_loaded_as_a_plugin(compiled: Compile, built: Path) -> None:
    """GIVEN a program that does not know of Python WHEN it loads the library privately THEN extension modules load."""
    program = compiled(HERE / "plugin.c", "-Wl,--as-needed")
    assert run(program, str(built / "libenclave.so")) == '"3904355907"\n'


def test_in_a_program_with_a_python_of_its_own(compiled: Compile) -> None:
    include = [f"-I{folder}" for folder in include_folders()]
    program = compiled(HERE / "host_python.c", *include, str(library()), f"-Wl,-rpath,{library().parent}")
    assert run(program, PYTHONHOME=sys.base_prefix).splitlines() == [
        "open: ENCLAVE_OK ",
        "run: ENCLAVE_OK 42",
        "run: ENCLAVE_OK 42",
        "end: 0",
        "run: ENCLAVE_ERROR_PYTHON Python has been finalized",
        "shutdown: ENCLAVE_OK",
    ]


# --- a Python that does not start ------------------------------------------------------------------------------------


def test_an_environment_that_does_not_exist(compiled: Compile) -> None:
    """GIVEN the name of no environment WHEN Python is to start THEN that is told, and the right name still helps."""
    printed = run(compiled(HERE / "life.c"), "start", sys.prefix, ENCLAVE_PYTHON_PREFIX="/no/such/place")
    assert printed.splitlines() == [
        "open: ENCLAVE_ERROR_PYTHON there is no environment /no/such/place",
        "start: ENCLAVE_OK",
        "open: ENCLAVE_OK ",
        "run: ENCLAVE_OK 42",
        "shutdown: ENCLAVE_OK",
    ]


def test_an_environment_without_the_package(compiled: Compile, tmp_path: Path) -> None:
    (tmp_path / "bin").mkdir()
    home = Path(sys.base_prefix) / "bin"
    (tmp_path / "pyvenv.cfg").write_text(f"home = {home}\n", encoding="utf-8")
    (tmp_path / "bin" / HAVING).symlink_to(home / HAVING)
    printed = run(compiled(HERE / "life.c"), "start", sys.prefix, ENCLAVE_PYTHON_PREFIX=str(tmp_path))
    missing = "ModuleNotFoundError: No module named 'enclave_subinterp'"
    wrong = f"ENCLAVE_ERROR_PYTHON the package cannot be loaded: {missing}"
    assert printed.splitlines() == [
        f"open: {wrong}",
        "start: ENCLAVE_ERROR_PYTHON",
        f"open: {wrong}",
        "start: ENCLAVE_ERROR_PYTHON",
        "shutdown: ENCLAVE_OK",
    ]


def test_an_environment_whose_python_is_gone(compiled: Compile, tmp_path: Path) -> None:
    (tmp_path / "pyvenv.cfg").write_text("version = 3\nhome = /no/such/bin\n", encoding="utf-8")
    for place in (tmp_path, Path("/")):
        printed = run(compiled(HERE / "life.c"), "start", sys.prefix, ENCLAVE_PYTHON_PREFIX=str(place))
        assert printed.splitlines()[:3] == [
            f"open: ENCLAVE_ERROR_PYTHON {place} is no environment of {HAVING}, or that is gone",
            "start: ENCLAVE_OK",
            "open: ENCLAVE_OK ",
        ]


def test_a_python_that_cannot_be_initialised(compiled: Compile, tmp_path: Path) -> None:
    """GIVEN a Python that turns out to have no library WHEN it is to start THEN the program goes on, with a reason."""
    home = Path(sys.base_prefix) / "bin"
    (tmp_path / "pyvenv.cfg").write_text(f"home = {home}\n", encoding="utf-8")
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / f"{HAVING}._pth").write_text("nothing\n", encoding="utf-8")
    done = subprocess.run(  # what CPython has to say of it on stderr is not ours
        [compiled(HERE / "life.c"), "start"], env={"ENCLAVE_PYTHON_PREFIX": str(tmp_path)}, capture_output=True,
        text=True, timeout=60, check=False,
    )  # fmt: skip
    printed = done.stdout.splitlines()
    assert printed[0].startswith(
        f"open: ENCLAVE_ERROR_PYTHON Python cannot be started with {tmp_path}/bin/python"
    )
    assert (printed[1:], done.returncode) == ([printed[0], "shutdown: ENCLAVE_OK"], 0)


# --- building --------------------------------------------------------------------------------------------------------


def test_linked_with_the_static_python(tmp_path: Path) -> None:
    """The way of a Python without a shared library; where there is no fitting static one, that is told."""
    try:
        archive()
    except MissingError:
        why = "no static libpython" if foreign_loader() is None else "has a libc of its own"
        with pytest.raises(MissingError, match=why):
            build(tmp_path, static=True)
        return
    build(tmp_path, static=True)
    program = tmp_path / "life"
    command = ["cc", "-D_GNU_SOURCE", str(HERE / "life.c"), "-o", str(program), *flags(tmp_path, static=True)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=100, check=False)
    assert done.returncode == 0, done.stderr
    assert run(program, "start").startswith("open: ENCLAVE_OK \nrun: ENCLAVE_OK 42\n")


def test_it_says_what_is_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from enclave_subinterp.embed import __main__, libpython

    monkeypatch.setenv("CC", "no-such-compiler -O2")
    with pytest.raises(MissingError, match="no C compiler called no-such-compiler"):
        build(tmp_path)
    monkeypatch.delenv("CC")
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(MissingError, match="A C compiler is needed"):
        build(tmp_path)
    monkeypatch.undo()
    monkeypatch.setattr(libpython, "_places", lambda: [tmp_path])
    with pytest.raises(MissingError, match="no shared libpython"):
        build(tmp_path)
    monkeypatch.setattr(libpython, "foreign_loader", lambda: None)
    with pytest.raises(MissingError, match="no static libpython"):
        build(tmp_path, static=True)
    assert __main__.main(["flags", "--static", str(tmp_path)]) == 2
    monkeypatch.setattr("enclave_subinterp.embed.build.find_spec", lambda name: None)
    with pytest.raises(MissingError, match=r"enclave_subinterp\[embed\]"):
        build(tmp_path)
    assert list(tmp_path.iterdir()) == []
