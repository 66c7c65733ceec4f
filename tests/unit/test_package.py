"""The package as a whole: its names, its version, its sources and its two commands."""

import importlib.metadata
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import enclave_subinterp

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
C_FILES = sorted((ROOT / "csrc").rglob("*.[ch]"))
WITH_PYTHON = ROOT / "tools" / "with-python"


# A sitecustomize.py that makes an interpreter pass for a free-threaded one.
FREE_THREADED = """
import sysconfig
real = sysconfig.get_config_var
sysconfig.get_config_var = lambda name: 1 if name == "Py_GIL_DISABLED" else real(name)
"""


def run(*command: str | Path, **variables: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, **variables}
    return subprocess.run(
        list(map(str, command)), cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )


# --- names -----------------------------------------------------------------------------------------------------------


def test_every_public_name_is_there_and_exported_once() -> None:
    names = list(enclave_subinterp.__all__)
    assert names, "the package exports nothing"
    assert sorted(set(names)) == sorted(names), "a name stands twice in __all__"
    assert [name for name in names if not hasattr(enclave_subinterp, name)] == []


def test_public_things_say_that_they_live_in_the_package() -> None:
    """GIVEN the exported classes and functions WHEN their module is asked for THEN it is of this package."""
    for name in enclave_subinterp.__all__:
        module = getattr(getattr(enclave_subinterp, name), "__module__", None)
        assert module is None or module.split(".")[0] == "enclave_subinterp", name


def test_the_extension_is_the_one_of_this_interpreter() -> None:
    from enclave_subinterp import _native

    assert _native.__file__ is not None
    assert Path(_native.__file__).parent == Path(enclave_subinterp.__file__).parent


def test_import_needs_nothing_but_the_standard_library() -> None:
    """GIVEN an interpreter that sees the package alone WHEN it is imported THEN no other distribution is asked for."""
    folder = Path(enclave_subinterp.__file__).parent
    script = f"""
import importlib.util, os, sys
spec = importlib.util.spec_from_file_location(
    "enclave_subinterp", {str(folder / "__init__.py")!r}, submodule_search_locations=[{str(folder)!r}])
module = importlib.util.module_from_spec(spec)
sys.modules["enclave_subinterp"] = module
spec.loader.exec_module(module)
known = sys.stdlib_module_names | {{"__main__", "enclave_subinterp", "sitecustomize"}}
# What a build adds to its library, such as _missing_stdlib_info (3.15), is not in that list.
files = {{name: getattr(module, "__file__", None) or "" for name, module in sys.modules.items()}}
known |= {{name for name, file in files.items() if os.path.dirname(file) == sys._stdlib_dir}}
print(sorted({{name.partition(".")[0] for name in sys.modules}} - known))
"""
    done = run(sys.executable, "-I", "-S", "-c", script)
    assert (done.returncode, done.stdout.strip()) == (0, "[]"), done.stderr


# --- versions --------------------------------------------------------------------------------------------------------


def test_the_installed_version_is_the_one_of_the_sources() -> None:
    assert importlib.metadata.version("enclave_subinterp") == PROJECT["version"]
    assert getattr(enclave_subinterp, "__version__", PROJECT["version"]) == PROJECT["version"]


def test_the_changelog_knows_the_version() -> None:
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert re.search(rf"^## {re.escape(PROJECT['version'])}\b", changelog, re.MULTILINE)


def test_no_runtime_dependencies() -> None:
    assert PROJECT["dependencies"] == []


def test_versions_of_cpython_are_told_apart_in_compat_alone() -> None:
    assert C_FILES, "no C sources: the test would hold nothing"
    found = [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()}"
        for path in C_FILES
        if path.name not in {"compat.h", "compat.c", "compat_layout.c"}
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if re.search(r"PY_VERSION_HEX|PY_M[A-Z]+_VERSION|pycore_|Py_BUILD_CORE", line)
    ]
    assert found == []


# --- commands --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("command", ["make demo", "make test"])
def test_the_readme_names_both_commands_and_the_makefile_has_them(command: str) -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert re.search(rf"^{command}\b", readme, re.MULTILINE)
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert re.search(rf"^{command.removeprefix('make ')}:.*## ", makefile, re.MULTILINE)


def test_with_python_takes_the_named_interpreter() -> None:
    done = run("sh", WITH_PYTHON, "--first", ENCLAVE_PYTHON=sys.executable)
    version = ".".join(map(str, sys.version_info[:3]))
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith(version)
    assert done.stdout.rstrip("\n").endswith(f" {sys.executable}")


def test_with_python_says_that_a_named_interpreter_is_not_there() -> None:
    done = run("sh", WITH_PYTHON, "--first", ENCLAVE_PYTHON="no-such-python")
    assert (done.returncode, done.stdout) == (2, "")
    assert "There is no program called no-such-python" in done.stderr


@pytest.mark.parametrize(
    ("disguise", "reason"),
    [
        (FREE_THREADED, "it is a free-threaded build"),
        ("import sys\nsys.version_info = (3, 11, 7)\n", "it is Python 3.11.7"),
        ("import sys\nsys.version_info = (3, 16, 0)\n", "it is Python 3.16.0"),
        ("import sys\nsys.modules['ensurepip'] = None\n", "it cannot make environments"),
        ("import sysconfig\nsysconfig.get_path = lambda name: '/nowhere'\n", "its header files are missing"),
        ("import sys\nsys.implementation.name = 'pypy'\n", "not CPython"),
    ],
    ids=["free-threaded", "too-old", "too-new", "no-venv", "no-headers", "not-cpython"],
)
def test_with_python_says_why_an_interpreter_will_not_do(tmp_path: Path, disguise: str, reason: str) -> None:
    """GIVEN an interpreter that passes for an unfit one WHEN it is named THEN the reason is said and the code is 2."""
    (tmp_path / "sitecustomize.py").write_text(disguise, encoding="utf-8")
    done = run("sh", WITH_PYTHON, "--first", ENCLAVE_PYTHON=sys.executable, PYTHONPATH=str(tmp_path))
    assert (done.returncode, done.stdout) == (2, "")
    assert f"  {sys.executable}: " in done.stderr
    assert reason in done.stderr
    assert "ENCLAVE_PYTHON=" in done.stderr, "how to name another one is missing"


# --- what an import costs, counted ------------------------------------------------------------------------------------


def test_the_import_takes_no_more_than_it_needs() -> None:
    """GIVEN a bare interpreter WHEN the package is imported THEN nothing comes along that only a use of it needs."""
    script = (
        "import sys; before = set(sys.modules); import enclave_subinterp; print(*set(sys.modules) - before)"
    )
    done = run(sys.executable, "-I", "-c", script)
    assert done.returncode == 0, done.stderr
    imported = set(done.stdout.split())
    later = {
        "asyncio", "concurrent.futures", "socket", "subprocess", "multiprocessing", "json", "pickle", "tempfile",
        "ctypes", "importlib.metadata", "logging", "psutil", "click", "rich", "prompt_toolkit",
        "enclave_subinterp._native", "enclave_subinterp._cli", "enclave_subinterp.aio", "enclave_subinterp.executor",
        "enclave_subinterp._adapters.subinterpreter", "enclave_subinterp.observe",
    }  # fmt: skip
    assert imported & later == set()
    assert "enclave_subinterp.enclave" in imported, "nothing was counted"
    assert len({name for name in imported if name.startswith("enclave_subinterp")}) <= 30


def test_the_type_checkers_see_every_public_name() -> None:
    used = (ROOT / "tests" / "typing" / "public_api.py").read_text(encoding="utf-8")
    assert [name for name in enclave_subinterp.__all__ if not re.search(rf"\b{name}\b", used)] == []
