"""`enclave bench`: that it measures every way and ends when it should; its figures are the machine's."""

from __future__ import annotations

import json
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from enclave_subinterp._cli import bench
from tests.cli.driving import enclave, terminal


def test_every_way_is_measured() -> None:
    done = enclave("bench", "--seconds", "0.5", "--workers", "2", "--json")
    assert (done.returncode, done.stderr) == (0, "")
    document = json.loads(done.stdout)
    ways = {each["name"]: each for each in document["ways"]}
    wanted = ["inline", "ThreadPoolExecutor", "enclave", "enclave, kept state", "ProcessPoolExecutor"]
    if sys.version_info >= (3, 14):
        wanted.insert(4, "InterpreterPoolExecutor")
        assert document["missing"] == []
    else:
        assert document["missing"] == ["InterpreterPoolExecutor: Python 3.14 has it"]
    assert list(ways) == wanted
    assert document["rounds"] >= 2
    for each in ways.values():
        assert min(each["call_us"], each["data_us"], each["compute_ms"], each["speed_up"]) > 0
    assert ways["inline"]["call_us"] == min(each["call_us"] for each in ways.values())


def test_people_get_a_table_and_progress_only_on_a_terminal() -> None:
    with terminal("bench", "--seconds", "0.5", "--workers", "1", NO_COLOR="1") as screen:
        assert screen.ends() == 0
    assert "measuring" in screen.seen
    table = screen.seen[screen.seen.rindex("workers each") :]
    assert [name in table for name in ("inline", "enclave", "ProcessPoolExecutor")] == [True] * 3


def test_an_interruption_leaves_nothing_behind() -> None:
    """GIVEN pools of all kinds WHEN Ctrl-C comes THEN the command and its worker processes end."""
    with terminal("bench", "--seconds", "300", "--workers", "1") as screen:
        screen.expect("measuring: 0%")
        screen.send("\x03")
        # The terminal closes when all that have it are gone, the worker processes too.
        assert screen.ends() == 130
    assert "Traceback" not in screen.seen
    assert screen.seen.rindex("\x1b[?25h") > screen.seen.rindex("\x1b[?25l"), "the cursor is shown"


def test_a_plot_is_refused_before_anything_is_measured(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "ends in .png" in enclave("bench", "--plot", "x.gif").stderr
    assert "there is no folder" in enclave("bench", "--plot", "no/x.png").stderr
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(bench.click.UsageError, match="pip install matplotlib"):
        bench._check_plot(bench.Path("x.png"))


def test_a_plot_is_drawn(tmp_path: Path) -> None:
    """GIVEN a measurement WHEN it is to be drawn THEN the plot has every way in it."""
    plot = tmp_path / "cost.svg"
    done = enclave(
        "bench", "--seconds", "0.5", "--workers", "1", "--plot", str(plot), MPLCONFIGDIR=str(tmp_path)
    )
    assert (done.returncode, f"drawn into {plot}" in done.stdout.replace("\n", "")) == (0, True), done.stderr
    drawn = plot.read_text()
    assert ET.fromstring(drawn).tag.endswith("svg")
    for way in ("inline", "ThreadPoolExecutor", "enclave", "enclave, kept state", "ProcessPoolExecutor"):
        assert way in drawn
