"""The demonstration's scripts and its own machinery, without a pool."""

from __future__ import annotations

import random
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
if str(ROOT) not in sys.path:  # the demonstration is no part of the package
    sys.path.insert(0, str(ROOT))

from demo import catalog, corpus, host_check, plain, reference  # noqa: E402
from demo.catalog import CatalogError, Script  # noqa: E402
from demo.tools import Tools  # noqa: E402

BENIGN = catalog.load("scripts")
HOSTILE = catalog.load("hostile")
CODES = {
    "OK", "VALIDATION_ERROR", "EXECUTION_ERROR", "TIMEOUT", "CPU_LIMIT", "TOOL_ERROR", "MAX_TOOL_CALLS",
    "MAX_ITERATIONS", "MEMORY_LIMIT_EXCEEDED", "MESSAGE_FLOOD", "MESSAGE_TOO_LARGE", "OUTPUT_LIMIT",
    "RESULT_NOT_SERIALIZABLE", "SANDBOX_VIOLATION", "WORKER_CRASHED", "ABORTED",
}  # fmt: skip
# Stains that end by themselves; the others are halted, which plain CPython cannot do.
STAINS = [script for script in HOSTILE if script.kind == "stain" and script.expect == ("OK",)]
NO_PYTHON = "misuse_syntax"

# Runs a script and then the probe in one plain interpreter, where nothing cleans up between the two.
UNCLEANED = """
import os, sys
sys.path.insert(0, sys.argv[1])
from demo import catalog
# Bound and compiled beforehand: the stain may leave nothing to rely on but the syntax.
write, leave, run = os.write, os._exit, exec
probe = compile(catalog.load_probe().source, "probe", "exec")
stains = [compile(s.source, s.name, "exec") for s in catalog.load("hostile") if s.name == sys.argv[2]]
looks = [{}, {}, {}]
run(probe, looks[0])
run(probe, looks[1])
for stain in stains:
    run(stain, {"__name__": "__main__"})
run(probe, looks[2])
write(1, b"same" if looks[1]["seen"] == looks[2]["seen"] else b"different")
leave(0)
"""


def named(script: Script) -> str:
    return script.name


class TestCatalog:
    def test_there_are_some_hundred_scripts_of_every_kind(self) -> None:
        assert len(BENIGN) >= 70
        assert len(HOSTILE) >= 30
        kinds = {script.kind for script in BENIGN + HOSTILE}
        assert kinds == {*catalog.BENIGN_KINDS, *catalog.HOSTILE_KINDS}

    def test_folders_hold_what_they_say(self) -> None:
        assert not any(script.hostile for script in BENIGN)
        assert all(script.hostile for script in HOSTILE)

    def test_titles_and_names_are_unique(self) -> None:
        scripts = catalog.load_all()
        assert len({script.title for script in scripts}) == len(scripts)
        assert len({script.name for script in scripts}) == len(scripts)

    @pytest.mark.parametrize("script", BENIGN + HOSTILE, ids=named)
    def test_header_and_source(self, script: Script) -> None:
        assert set(script.expect) <= CODES
        assert 0.1 <= script.timeout <= 10
        if script.name == NO_PYTHON:
            with pytest.raises(SyntaxError):
                plain.compile_script(script.source, script.name)
        else:
            plain.compile_script(script.source, script.name)

    @pytest.mark.parametrize("script", HOSTILE, ids=named)
    def test_loops_end_by_their_deadline_soon(self, script: Script) -> None:
        if "TIMEOUT" in script.expect and script.kind in ("loop", "stain"):
            assert script.timeout <= 0.3

    def test_an_expectation_may_be_for_one_version(self) -> None:
        source = "# title: t\n# kind: crash\n# expect: WORKER_CRASHED\n# expect-3.12: EXECUTION_ERROR\n1\n"
        assert catalog.parse("s", source, "3.12").expect == ("EXECUTION_ERROR",)
        assert catalog.parse("s", source, "3.13").expect == ("WORKER_CRASHED",)

    @pytest.mark.parametrize(
        ("source", "complaint"),
        [
            ("# kind: user\n1", "has no `title`"),
            ("# title: t\n1", "has no `kind`"),
            ("# title: t\n# kind: wizard\n", "expected a kind of"),
            ("# title: t\n# kind: loop\n", "has to say what it must come to"),
            ("# title: t\n# title: u\n# kind: user\n", "given twice"),
            ("# title: t\n# colour: red\n", "known key"),
            ("# title: t\n# kind: user\n# data: 1x = topics\n", "expected `# data:"),
        ],
    )
    def test_a_wrong_header_is_refused(self, source: str, complaint: str) -> None:
        with pytest.raises(CatalogError, match=re.escape(complaint)):
            catalog.parse("s", source)


class TestCorpus:
    @pytest.mark.parametrize("module", corpus.MODULES)
    def test_every_module_has_source(self, module: str) -> None:
        assert len(corpus.source(module)) > 200

    def test_the_reference_manual_and_the_licence_are_there(self) -> None:
        assert len(corpus.topics()) > 60
        assert "PYTHON" in corpus.license_text().upper()

    def test_nothing_else_is_handed_out(self) -> None:
        with pytest.raises(KeyError):
            corpus.source("../../etc/passwd")


class TestReference:
    def test_twice_in_any_order_and_process_is_the_same(self) -> None:
        """GIVEN all benign scripts WHEN run here and, shuffled, in another process THEN they come to the same."""
        shuffled = BENIGN[:]
        random.Random(5).shuffle(shuffled)
        here = reference.run_all(shuffled)
        there = reference.compute([])
        assert [name for name in there if there[name] != here[name]] == []
        assert len(there) == len(BENIGN)

    def test_every_benign_script_comes_to_something(self) -> None:
        results = reference.compute([])
        assert {name: result.error for name, result in results.items() if result.error} == {}
        assert all(result.stdout for result in results.values())

    def test_the_value_is_the_return_or_the_last_expression(self) -> None:
        def value(body: str) -> str:
            script = catalog.parse("s", f"# title: t\n# kind: user\n{body}")
            return reference.run_plain(script, Tools()).value

        assert value("def f():\n    return 1\nif f():\n    return 2\n3") == "int:2"
        assert value("x = 1\nx + 1") == "int:2"
        assert value("x = 1") == "NoneType:None"
        assert (
            value("for n in range(9):\n    try:\n        return n\n    except Exception:\n        pass")
            == "int:0"
        )

    def test_equal_means_equal_types(self) -> None:
        canonical = plain.canonical
        assert canonical(1) != canonical(True) != canonical(1.0)
        assert canonical([1]) != canonical((1,))
        assert canonical({3, 1, 2}) == canonical({2, 3, 1}) != canonical(frozenset({1, 2, 3}))
        assert canonical({"a": 1, "b": 2}) != canonical({"b": 2, "a": 1})


class TestProbe:
    def test_it_sees_the_same_twice(self) -> None:
        assert uncleaned("") == "same"

    @pytest.mark.parametrize("script", STAINS, ids=named)
    def test_it_sees_every_stain_where_nothing_cleans_up(self, script: Script) -> None:
        """A probe that is blind to a stain would prove nothing."""
        assert uncleaned(script.name) == "different"


class TestHostCheck:
    def test_an_untouched_host_is_unharmed(self) -> None:
        checks = [*host_check.compare(host_check.capture(), host_check.capture()), host_check.alive()]
        assert [check for check in checks if not check.fine] == []

    def test_a_changed_module_and_setting_are_seen(self, monkeypatch: pytest.MonkeyPatch) -> None:
        import json

        before = host_check.capture()
        monkeypatch.setattr(json, "dumps", None)
        monkeypatch.setenv("DEMO_STAIN", "1")
        wrong = {
            check.name: check.text
            for check in host_check.compare(before, host_check.capture())
            if not check.fine
        }
        assert wrong == {"modules": "changed: json.dumps", "settings": "changed: environment"}

    def test_growth_is_judged_and_told(self) -> None:
        assert host_check.leak(50 << 20, 51 << 20, 100).fine
        assert not host_check.leak(50 << 20, 90 << 20, 100).fine


def uncleaned(name: str) -> str:
    command = [sys.executable, "-c", UNCLEANED, str(ROOT), name]
    child = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert child.returncode == 0, child.stderr
    return child.stdout
