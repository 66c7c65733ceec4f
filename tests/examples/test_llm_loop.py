"""examples/llm_loop.py: a model's code, its errors and its results, from a recording."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from enclave_subinterp import Enclave
from examples import llm_loop
from tests.examples.conftest import ROOT

EXAMPLES = ROOT / "examples"


def test_the_recorded_conversation() -> None:
    done = subprocess.run(
        [sys.executable, "-Werror", EXAMPLES / "llm_loop.py"],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=60,
        check=False,
        text=True,
    )
    assert (done.returncode, done.stderr) == (0, "")
    # Two answers of the model are refused or fail, one more meets the tool's own check, then it is done.
    heads = re.findall(r"^(value|[A-Z_]{5,}): ", done.stdout, re.MULTILINE)
    assert heads == ["VALIDATION_ERROR", "EXECUTION_ERROR", "value", "TOOL_ERROR", "value"]
    assert done.stdout.endswith("--- ordered: {'fig': 16, 'pear': 8}\n")


def test_a_recording_that_does_not_fit_is_noticed(tmp_path: Path) -> None:
    turns = json.loads((EXAMPLES / "llm_recording.json").read_text(encoding="utf-8"))
    turns[0]["answer"] = "```python\n1 + 1\n```"
    file = tmp_path / "recording.json"
    file.write_text(json.dumps(turns), encoding="utf-8")
    with (
        Enclave(security_level="SECURE", tool_handler=llm_loop.Shop().call) as enclave,
        enclave.session() as session,
        pytest.raises(LookupError, match="not 'value: 2'"),
    ):
        llm_loop.converse(llm_loop.Recorded(file), session, llm_loop.TASK)


def test_a_model_that_never_finishes_and_one_that_writes_too_much() -> None:
    told: list[str] = []

    def model(messages: list[llm_loop.Message]) -> str:
        told.append(messages[-1]["text"])
        return "```python\nprint('x' * 9_000)\n```"

    with (
        Enclave(security_level="SECURE") as enclave,
        enclave.session() as session,
        pytest.raises(TimeoutError, match="8 turns"),
    ):
        llm_loop.converse(model, session, "write")
    assert len(told) == llm_loop.MAX_TURNS
    assert max(map(len, told)) < llm_loop.MAX_TOLD + 20
