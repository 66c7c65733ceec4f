"""The benchmark programme and its report: all of it, on figures that are made up and on a few that are not."""

from __future__ import annotations

import json
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent))

from made_up import document, times

from benchmarks import report
from benchmarks.programme import noise, plots, tables, targets, ways
from benchmarks.programme.figures import interleaved, summary

ROOT = Path(__file__).resolve().parents[2]


def python(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *arguments], cwd=ROOT, capture_output=True, text=True, timeout=100, check=False
    )


def write(path: Path, **changes: Any) -> Path:
    path.write_text(json.dumps(document(**changes)))
    return path


def test_a_run_and_its_report(tmp_path: Path) -> None:
    """GIVEN a run of one section with few rounds WHEN its report is made THEN it says what was measured, and how."""
    run, page = tmp_path / "run.json", tmp_path / "performance.md"
    done = python("-m", "benchmarks", "--quick", "--share", "0.2", "--out", run, "call")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "warm `run" in done.stdout
    found = json.loads(run.read_text())
    rows = found["sections"]["call"]["rows"]
    for name in (
        ways.KEPT,
        ways.PRISTINE,
        ways.IDLE,
        ways.INLINE,
        ways.THREADS,
        ways.FORK,
        ways.SPAWN,
        targets.FUTEX,
    ):
        assert 0 < rows[name]["median"] <= rows[name]["p99"], name
    assert rows.keys() | found["sections"]["call"]["missing"].keys() >= set(ways.ALL)
    done = python("-m", "benchmarks.report", "--quick", "--page", page, run)
    assert done.returncode == 0, done.stderr
    text = page.read_text()
    assert f"| {ways.KEPT} | " in text
    assert "(quick)" in text
    assert "the section “kill” was not run" in text
    for missing in found["sections"]["call"]["missing"]:
        assert f"Not here: {missing}" in text
    (plot,) = (page.with_suffix("")).glob("call-*.svg")
    assert f"](performance/{plot.name})" in text
    assert ways.KEPT in plot.read_text()


def test_large_messages_stand_beside_threads_that_copy_as_much() -> None:
    found = {verdict.target: verdict for verdict in targets.judge(document()["sections"])}
    verdict = found["at most 1.5 × the time of two copies"]
    assert (verdict.held, "native threads that do no more: 220.0 µs" in verdict.figure) == (True, True)


def test_every_table_and_every_plot(tmp_path: Path) -> None:
    """GIVEN runs of two versions WHEN the report is made THEN it has all of both, and a plot is the same each time."""
    whole = document()
    one = {"call": whole["sections"]["call"]}
    runs = [write(tmp_path / "a.json"), write(tmp_path / "b.json", version="3.13.0", sections=one)]
    page, again = tmp_path / "performance.md", tmp_path / "again.md"
    done = python("-m", "benchmarks.report", "--page", page, *runs)
    assert done.returncode == 0, done.stderr
    text = page.read_text()
    for table in tables.tables(whole):
        assert text.count(f"\n### {table.title[0].upper()}{table.title[1:]}\n") == 1
        for row in table.rows:
            assert text.count(" | ".join(row)) >= (2 if table.key == "call" else 1), row
    written = sorted(page.with_suffix("").glob("*.svg"))
    assert [path.name for path in written] == sorted(
        ["call-3.13.svg", *(f"{plot}-3.14.svg" for plot in plots.PLOTS)]
    )
    for path in written:
        assert ET.fromstring(path.read_text()).tag.endswith("svg")
    assert python("-m", "benchmarks.report", "--page", again, runs[1]).returncode == 0
    assert (tmp_path / "again" / "call-3.13.svg").read_bytes() == written[0].read_bytes()


def test_the_figures_of_the_targets() -> None:
    verdicts = targets.judge(document()["sections"])
    assert len(verdicts) == len(targets._TARGETS)
    assert [verdict.what for verdict in verdicts if verdict.held is None] == [
        "host survival over the hostile suites"
    ]
    assert all(verdict.held for verdict in verdicts[:-1]), [v for v in verdicts if not v.held]


@pytest.mark.parametrize(
    ("section", "row", "value", "missed"),
    [
        ("call", ways.KEPT, 16e-6, "at most 2.5 × a bare futex round trip"),
        ("call", ways.PRISTINE, 61e-6, "at most 60 µs"),
        ("call", ways.IDLE, 25e-6, "at most the warm run plus 10 µs"),
        ("tiny", ways.THREADS, 91e3, "more than `ThreadPoolExecutor`, one a call"),
        ("speed_up", ways.EXECUTOR, 1.8, "at least 1.9"),
        ("kill", "every program of the halt suite", 1.1e-3, "median 1 ms, 99th percentile 10 ms"),
        ("start", "worker, without its warm-up", 7e-3, "at most 60 % of `create()`"),
    ],
)
def test_a_target_that_is_missed_is_said_to_be(section: str, row: str, value: float, missed: str) -> None:
    sections = document()["sections"]
    sections[section]["rows"].update(times({row: value}))
    assert [verdict.target for verdict in targets.judge(sections) if verdict.held is False] == [missed]


def test_a_target_without_its_peer_is_not_measured() -> None:
    sections = document()["sections"]
    del sections["call"]["rows"][ways.MONTY]
    (verdict,) = [each for each in targets.judge(sections) if "Monty" in each.target]
    assert (verdict.held, verdict.figure) == (None, f"{ways.MONTY} is not here")


def test_the_newest_whole_run_of_each_version_counts(tmp_path: Path) -> None:
    paths = [
        write(tmp_path / "1.json", taken="2026-01-01"),
        write(tmp_path / "2.json", taken="2026-01-03"),
        write(tmp_path / "3.json", taken="2026-01-02"),
        write(tmp_path / "4.json", taken="2026-01-09", quick=True),
        write(tmp_path / "5.json", taken="2026-01-09", partial=True),
        write(tmp_path / "6.json", taken="2026-01-01", version="3.9.1"),
    ]
    found = report.newest(paths, quick=False)
    assert [(version, run["taken"]) for version, run in found.items()] == [
        ("3.9", "2026-01-01"),
        ("3.14", "2026-01-03"),
    ]
    assert report.newest(paths[3:4], quick=True)["3.14"]["quick"]
    with pytest.raises(report.ReportError, match="no whole run"):
        report.write(report.newest(paths[3:5], quick=False), tmp_path / "page.md")


def test_a_noisy_machine_is_called_so() -> None:
    quiet = {"spin_spread": 1.1, "steal": 0.0, "others": 0.01}
    assert noise.reasons(quiet) == []
    assert len(noise.reasons({"spin_spread": 1.5, "steal": 0.1, "others": 0.2})) == 3
    found = document()
    assert tables.noise(found)[0].startswith("The machine was quiet")
    found["noise"]["kill"] = {**quiet, "others": 0.4, "noisy": noise.reasons({**quiet, "others": 0.4})}
    head, line = tables.noise(found)
    assert "NOISY during 1 of" in head
    assert line.strip() == "kill: other programs used 40% of the processors."


def test_ways_take_turns() -> None:
    order: list[str] = []

    def way(name: str) -> Any:
        def turns(count: int) -> list[float]:
            order.append(name)
            return [0.004] * count

        return turns

    rows = interleaved({"a": way("a"), "b": way("b")}, 0.0)
    assert [sorted(order[at : at + 2]) for at in range(0, 6, 2)] == [["a", "b"]] * 3
    assert rows["a"]["count"] == rows["b"]["count"] == 5  # one at first, then what fits into a slice


def test_a_summary() -> None:
    found = summary(float(n) for n in range(1000, 0, -1))
    assert (found["median"], found["p99"], found["low"], found["high"]) == (500.5, 991.0, 251.0, 751.0)
    with pytest.raises(ValueError, match="nothing was measured"):
        summary([])


def test_a_section_that_does_not_exist_is_refused() -> None:
    done = python("-m", "benchmarks", "nothing")
    assert done.returncode == 2
    assert "no such section: nothing" in done.stderr
