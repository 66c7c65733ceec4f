"""The commands that README.md and docs/cli.md show, run as they stand there, and what they write."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

import enclave_subinterp

from .driving import COMMAND, SECONDS, enclave, environment

ROOT: Final = Path(__file__).resolve().parents[2]
PAGES: Final = ("README.md", "docs/cli.md")

FILES: Final = {
    "script.py": "print('two lines')\n'and a value'\n",
    "report.py": "total = 0\nfor n in range(10):\n    total += n\nreturn total\n",
    "order.py": "return call_tool('price', {'fruit': 'pear'}) * 3\n",
    "shop/tools.py": "def price(fruit):\n    print('asked for', fruit)\n    return {'pear': 4}[fruit]\n",
}
# What each of them writes; one that is not in here fails.
WRITTEN: Final = {
    "enclave run script.py --timeout 2 --memory 64MB": "two lines\n'and a value'\n",
    "enclave run report.py --level STRICT --timeout 2 --memory 64MB": "45\n",
    "echo 'sum(range(10))' | enclave run -": "45\n",
    "enclave run -c 'return n * 2' --set n=21": "42\n",
    "enclave run order.py --tool price=shop.tools:price --json | jq .value": "12\n",
}
JQ: Final = "import json, sys; print(json.load(sys.stdin)[sys.argv[1].lstrip('.')])"


def shown() -> list[str]:
    """The commands `enclave run` in the pages' shell blocks, without their comments."""
    pages = "\n".join((ROOT / page).read_text(encoding="utf-8") for page in PAGES)
    blocks = re.findall(r"^```sh\n(.*?)^```$", pages, re.DOTALL | re.MULTILINE)
    lines = [re.sub(r"\s+#.*", "", line) for block in blocks for line in block.splitlines()]
    return [line for line in lines if "enclave run" in line]


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the scripts that the pages speak of, and the commands in `bin`."""
    folder = tmp_path_factory.mktemp("manual")
    for name, text in FILES.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    (folder / "bin").mkdir()
    for name, command in {"enclave": " ".join(COMMAND), "jq": f'{sys.executable} -c "{JQ}"'}.items():
        (folder / "bin" / name).write_text(f'#!/bin/sh\nexec {command} "$@"\n', encoding="utf-8")
        (folder / "bin" / name).chmod(0o755)
    return folder


@pytest.mark.parametrize("line", shown())
def test_a_command_writes_what_it_should(line: str, place: Path) -> None:
    path = f"{place / 'bin'}:/usr/bin:/bin"
    ended = subprocess.run(
        ["sh", "-c", line], cwd=place, env=environment(PATH=path), capture_output=True, text=True,
        timeout=SECONDS, check=False,
    )  # fmt: skip
    assert ended.returncode == 0, ended.stderr
    assert ended.stdout == WRITTEN[line]
    assert ended.stderr == ("asked for pear\n" if "--tool" in line else "")


def test_every_expected_command_is_still_shown() -> None:
    assert sorted(shown()) == sorted(WRITTEN)


def test_the_version_is_told() -> None:
    ended = enclave("--version")
    assert (ended.returncode, ended.stderr) == (0, "")
    assert enclave_subinterp.__version__ in ended.stdout


def test_the_list_of_commands_is_whole_on_80_columns() -> None:
    ended = enclave("--help", COLUMNS="80")
    commands = ended.stdout.partition("Commands:\n")[2].partition("\n\n")[0].splitlines()
    assert [line.split()[0] for line in commands] == ["run", "repl", "doctor", "bench", "top", "completion"]
    assert [line for line in commands if line.endswith("...") or len(line) > 80] == []


def test_figures_go_to_standard_error_when_they_are_asked_for() -> None:
    ended = enclave("run", "-c", "print('out')", "--stats")
    assert (ended.returncode, ended.stdout) == (0, "out\n")
    assert re.search(r"\d ms", ended.stderr), ended.stderr


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["run", "no-such.py"], ["no-such.py cannot be read", "No such file"]),
        (["run", "x.py", "--timout", "3"], ["No such option '--timout'", "--timeout"]),
        (["run", "-c", "1", "--level", "HIGH"], ["'HIGH'", "strict", "permissive"]),
        (["run", "-c", "1", "--memory", "64XB"], ["got '64XB'", "64MB"]),
        (["explode"], ["'explode'", "enclave --help"]),
        (["completion", "csh"], ["'csh'", "'fish'"]),
    ],
)
def test_wrong_use_says_what_came_and_what_would_do(arguments: list[str], told: list[str]) -> None:
    ended = enclave(*arguments)
    assert (ended.returncode, ended.stdout) == (2, "")
    assert [text for text in told if text not in ended.stderr] == []
    assert "Traceback" not in ended.stderr
