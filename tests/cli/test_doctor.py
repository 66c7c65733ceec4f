"""`enclave doctor`: its findings, and that it sees what is wrong."""

from __future__ import annotations

import json
import sys

import pytest

from enclave_subinterp import EnclaveError, capabilities
from enclave_subinterp._cli import doctor
from enclave_subinterp._cli.app import start
from tests.cli.driving import enclave


def examine(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> tuple[int, dict[str, dict[str, str]]]:
    monkeypatch.setattr(sys, "argv", ["enclave", "doctor", "--json"])
    code = start()
    document = json.loads(capsys.readouterr().out)
    assert document["exit_code"] == code
    return code, {check["name"]: check for check in document["checks"]}


def test_it_finds_what_capabilities_tells_and_tries_every_level() -> None:
    done = enclave("doctor", "--json")
    document = json.loads(done.stdout)
    checks = {check["name"]: check for check in document["checks"]}
    for name, there in dict(capabilities()).items():
        assert (checks[name]["verdict"] == "good") <= there
    for level in ("STRICT", "SECURE", "STANDARD", "PERMISSIVE"):
        assert checks[f"level {level}"]["verdict"] == "good", checks[f"level {level}"]
    assert done.returncode == document["exit_code"]
    assert "broken" not in {check["verdict"] for check in checks.values()}


def test_people_get_a_table_without_colours_where_none_are_wanted(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(doctor, "_levels", list)
    monkeypatch.setattr(sys, "argv", ["enclave", "doctor"])
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert start() in {0, doctor.WEAK}
    assert "\x1b[32m" in capsys.readouterr().out
    monkeypatch.setenv("NO_COLOR", "1")
    start()
    out = capsys.readouterr().out
    assert "crash_containment" in out
    assert "\x1b[3" not in out


def test_a_level_that_cannot_be_had_is_broken(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuse(**arguments: object) -> None:
        raise EnclaveError("no such thing here")

    monkeypatch.setattr(doctor, "Enclave", refuse)
    code, checks = examine(monkeypatch, capsys)
    assert code == 1
    assert checks["level STRICT"] == {
        "name": "level STRICT",
        "verdict": "broken",
        "found": "no such thing here",
        "advice": "use a level below it, or see what is weak above",
    }


def test_a_core_that_cannot_be_loaded_is_told_once(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuse() -> None:
        raise EnclaveError("it does not fit this Python")

    monkeypatch.setattr(doctor, "capabilities", refuse)
    code, checks = examine(monkeypatch, capsys)
    assert code == 1
    assert [name for name in checks if checks[name]["verdict"] == "broken"] == ["core"]
    assert checks["core"]["found"] == "it does not fit this Python"


def test_a_sandbox_that_does_not_hold_is_broken(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """GIVEN an enclave that lets an endless script end of itself WHEN it is tried THEN that is told."""
    real = doctor.Enclave.run
    monkeypatch.setattr(
        doctor.Enclave, "run", lambda self, code, **more: real(self, "1" if "iter" in code else code)
    )
    code, checks = examine(monkeypatch, capsys)
    assert code == 1
    assert checks["level SECURE"]["found"] == "an endless script was not halted"


def test_a_capability_that_is_missing_is_weak_and_has_advice(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from enclave_subinterp import _native

    monkeypatch.setattr(doctor, "_levels", list)
    found = {**_native.platform(), "landlock": False, "rewind": "remap"}
    monkeypatch.setattr(_native, "platform", lambda: found)
    code, checks = examine(monkeypatch, capsys)
    assert code == doctor.WEAK
    assert checks["landlock"]["verdict"] == checks["rewind"]["verdict"] == "weak"
    assert "Linux 5.13" in checks["landlock"]["advice"]


def test_a_package_that_is_missing_is_a_hint_with_its_extra(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(doctor, "_levels", list)
    monkeypatch.setattr(doctor, "_OPTIONAL", (("no-such-distribution", "nothing", "none"),))
    code, checks = examine(monkeypatch, capsys)
    assert code in {0, doctor.WEAK}
    assert checks["no-such-distribution"]["advice"] == "pip install 'enclave_subinterp[none]'"
