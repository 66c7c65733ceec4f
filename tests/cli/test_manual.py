"""What `enclave` says of itself, and to whoever uses it wrongly.  The commands of the documents run in tests/docs."""

from __future__ import annotations

import re

import pytest

import enclave_subinterp

from .driving import enclave


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
