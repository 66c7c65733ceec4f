"""`enclave run`: output, outcome, options; and the command line as a whole."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from enclave_subinterp import ErrorCode
from enclave_subinterp._cli import exits
from enclave_subinterp._cli.app import start
from tests.cli.driving import COMMAND, SECONDS, enclave, environment, terminal

DOCS = Path(__file__).resolve().parents[2] / "docs" / "cli.md"


def here(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *arguments: str
) -> tuple[int, str, str]:
    """Run a command in this process: exit code, standard output, standard error."""
    monkeypatch.setattr(sys, "argv", ["enclave", *arguments])
    code = start()
    return code, *capsys.readouterr()


# --- what comes out --------------------------------------------------------------------------------------------------


def test_each_stream_goes_where_it_belongs_and_the_value_last() -> None:
    done = enclave("run", "-", text="import sys\nprint('out')\nprint('err', file=sys.stderr)\n[1, {2}]\n")
    assert (done.returncode, done.stdout, done.stderr) == (0, "out\n[1, {2}]\n", "err\n")


def test_none_is_no_value_to_write_and_no_value_is_written_when_not_wanted(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert here(monkeypatch, capsys, "run", "-c", "None") == (0, "", "")
    assert here(monkeypatch, capsys, "run", "-c", "41 + 1", "--no-value") == (0, "", "")


def test_output_comes_as_it_is_written() -> None:
    """GIVEN a script that says something and goes on for ever WHEN it is run THEN what it said comes before its end."""
    with subprocess.Popen(
        [*COMMAND, "run", "-c", "print('first')\nwhile True: pass", "--timeout", "none"],
        stdout=subprocess.PIPE, env=environment(), text=True,
    ) as process:  # fmt: skip
        assert process.stdout is not None
        assert process.stdout.readline() == "first\n"
        assert process.poll() is None
        process.send_signal(signal.SIGINT)
        assert process.wait(SECONDS) == 130


def test_pipes_get_the_bytes_and_terminals_no_control_characters() -> None:
    code = "print('a\\x1b]0;gotcha\\x07\\x9bb\\u202ec')"
    assert enclave("run", "-c", code).stdout == "a\x1b]0;gotcha\x07\x9bb\u202ec\n"
    with terminal("run", "-c", code) as screen:
        assert screen.ends() == 0
    assert screen.seen == "a\\x1b]0;gotcha\\x07\\x9bb\\u202ec\r\n"


def test_json_has_all_of_it_and_nothing_else_is_on_standard_output(tmp_path: Path) -> None:
    (tmp_path / "loud.py").write_text("print('imported')\ndef f(n):\n    print('called')\n    return n\n")
    code = "print('x')\nreturn [call_tool('f', {'n': b'z'}), {1: 2}, (3,), {'$a': 4}, 10 ** 5000]"
    done = enclave("run", "-c", code, "--tool", "f=loud:f", "--json", cwd=tmp_path)
    result = json.loads(done.stdout)
    assert (done.returncode, result["success"], result["exit_code"], result["error"]) == (0, True, 0, None)
    assert result["value"][:4] == [
        {"$bytes": "eg=="},
        {"$dict": [[1, 2]]},
        {"$tuple": [3]},
        {"$dict": [["$a", 4]]},
    ]
    assert int(result["value"][4]["$int"], 16) == 10**5000
    assert (result["stdout"], result["stats"]["tool_call_count"]) == ("x\n", 1)
    assert done.stderr == "imported\ncalled\n"


def test_json_of_an_error() -> None:
    done = enclave("run", "-c", "1/0", "--json")
    error = json.loads(done.stdout)["error"]
    assert (done.returncode, error["code"], error["name"]) == (11, "EXECUTION_ERROR", "ZeroDivisionError")
    assert done.stderr == ""


# --- what went wrong -------------------------------------------------------------------------------------------------


def test_every_error_code_has_an_exit_code_of_its_own_and_the_manual_has_them_all() -> None:
    assert set(exits.BY_CODE) == set(ErrorCode)
    numbers = list(exits.BY_CODE.values())
    assert len(set(numbers)) == len(numbers)
    assert not {0, 1, 2, 130, 141} & set(numbers)
    manual = DOCS.read_text(encoding="utf-8")
    help_text = enclave("run", "--help").stdout
    for code, number in exits.BY_CODE.items():
        assert re.search(rf"^\| {number} \| `{code.value}` \|", manual, re.MULTILINE), code
        assert re.search(rf"(^|\s){number} {code.value}\b", help_text), code


@pytest.mark.parametrize(
    ("code", "options", "outcome"),
    [
        ("while True: pass", ["--timeout", "0.2"], ErrorCode.TIMEOUT),
        ("while True: pass", ["--cpu", "0.2"], ErrorCode.CPU_LIMIT),
        ("x = 'a' * 10**9", ["--memory", "16MB"], ErrorCode.MEMORY_LIMIT_EXCEEDED),
        ("call_tool('nothing', {})", [], ErrorCode.TOOL_ERROR),
        ("lambda: 1", [], ErrorCode.RESULT_NOT_SERIALIZABLE),
        ("import ctypes", [], ErrorCode.EXECUTION_ERROR),
        ("eval('1')", ["--level", "strict"], ErrorCode.VALIDATION_ERROR),
        ("for i in range(10**6): pass", ["--level", "STRICT"], ErrorCode.MAX_ITERATIONS),
    ],
)
def test_outcome(
    code: str,
    options: list[str],
    outcome: ErrorCode,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    exit_code, out, err = here(monkeypatch, capsys, "run", "-c", code, *options)
    assert exit_code == exits.BY_CODE[outcome], err
    assert outcome.value in err
    assert out == ""


def test_an_error_of_the_source_has_its_line_and_a_caret(tmp_path: Path) -> None:
    script = tmp_path / "bad.py"
    script.write_text("a = 1\nb = 'ü漢' + = 2\n", encoding="utf-8")
    done = enclave("run", "bad.py", cwd=tmp_path)
    assert done.returncode == 10
    place, text, caret, code = done.stderr.splitlines()
    assert place == "bad.py:2:12: SyntaxError: invalid syntax"
    assert text == "    b = 'ü漢' + = 2"
    assert caret == "    " + " " * 12 + "^", "one column more, for a wide character"
    assert code == "VALIDATION_ERROR"


def test_every_finding_of_the_check_is_shown_with_what_to_write_instead() -> None:
    done = enclave("run", "-c", "x = 1\nwhile x: pass\neval('1')", "--level", "STRICT")
    assert "<command>:2:1: " in done.stderr
    assert "<command>:3:1: " in done.stderr
    assert done.stderr.count("  instead: ") == 2


def test_a_traceback_names_the_file(tmp_path: Path) -> None:
    (tmp_path / "deep.py").write_text("def f():\n    return {}['k']\nf()\n")
    done = enclave("run", "deep.py", cwd=tmp_path)
    assert 'File "deep.py", line 3' in done.stderr
    assert "File \"deep.py\", line 2, in f\n    return {}['k']\nKeyError" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["run"], "name the script's FILE"),
        (["run", "x", "-c", "1"], "one script is run"),
        (["run", "nowhere.py"], "nowhere.py cannot be read: No such file or directory"),
        (["run", "."], "cannot be read: Is a directory"),
        (["run", "-c", "1", "--memory", "64"], "expected a size with its unit such as 64MB or 1GB, got '64'"),
        (["run", "-c", "1", "--memory", "1MB"], "expected at least 8MB"),
        (["run", "-c", "1", "--timeout", "0"], "expected seconds as a number above 0, or `none`; got '0'"),
        (["run", "-c", "1", "--tool", "x"], "expected NAME=MODULE:FUNCTION, got 'x'"),
        (["run", "-c", "1", "--tool", "x=json"], "expected NAME=module:function"),
        (["run", "-c", "1", "--tool", "x=json:jump"], "json has no jump; it has "),
        (["run", "-c", "1", "--tool", "x=string:digits"], "digits is no function but str"),
        (["run", "-c", "1", "--tool", "x=no_such:f"], "No module named 'no_such'"),
        (["run", "-c", "1", "--tool", "x=asyncio:sleep"], "coroutine function"),
        (["run", "-c", "1", "--tool", "x=json:loads", "--allow", "json"], "sees all of its source"),
        (["run", "-c", "1", "--set", "n=abc"], "expected a value in JSON"),
        (["run", "-c", "1", "--set", "class=1"], "identifiers, got 'class'"),
        (["run", "-c", "1", "--level", "HIGH"], "'HIGH' is not one of"),
        (["jump"], "No such command 'jump'"),
    ],
)  # fmt: skip
def test_wrong_use_is_told_apart(
    arguments: list[str], complaint: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, err = here(monkeypatch, capsys, *arguments)
    assert (code, out) == (exits.USAGE, "")
    assert complaint in " ".join(err.split())


def test_a_script_of_another_encoding_is_read_as_it_says_and_no_text_is_refused(tmp_path: Path) -> None:
    (tmp_path / "old.py").write_bytes("# coding: latin-1\nlen('é')\n".encode("latin-1"))
    (tmp_path / "none.py").write_bytes(b"'\xff\xfe'\n")
    assert enclave("run", "old.py", cwd=tmp_path).stdout == "1\n"
    done = enclave("run", "none.py", cwd=tmp_path)
    assert done.returncode == exits.USAGE
    assert "is no text" in done.stderr


# --- tools -----------------------------------------------------------------------------------------------------------


def test_a_tool_is_imported_in_the_host_alone(tmp_path: Path) -> None:
    """GIVEN a tool WHEN a script uses it and tries to import its module THEN the host alone has imported it."""
    (tmp_path / "shop.py").write_text(
        "import _thread\n"
        "with open('imports', 'a') as log: log.write(f'{_thread._is_main_interpreter()}\\n')\n"
        "SECRET = 'sesame'\n"
        "def price(fruit): return {'apple': 3}[fruit]\n"
    )
    code = (
        "x = call_tool('price', {'fruit': 'apple'})\ntry:\n    import shop\nexcept ImportError:\n    return x"
    )
    for level in ("STRICT", "PERMISSIVE"):
        done = enclave("run", "-c", code, "--tool", "price=shop:price", "--level", level, cwd=tmp_path)
        assert (done.returncode, done.stdout) == (0, "3\n"), done.stderr
    assert (tmp_path / "imports").read_text() == "True\nTrue\n"


def test_an_error_of_a_tool_names_the_tools_that_there_are() -> None:
    done = enclave("run", "-c", "call_tool('dump', {})", "--tool", "load=json:loads")
    assert done.returncode == 14
    assert "no tool called 'dump'; there is load" in done.stderr


# --- pipes, interruption, terminals ----------------------------------------------------------------------------------


def test_a_reader_that_leaves_ends_the_run() -> None:
    """GIVEN a script that writes for ever WHEN the reader closes the pipe THEN it ends, silently."""
    with subprocess.Popen(
        [*COMMAND, "run", "-c", "import time\nwhile True:\n    print(1)\n    time.sleep(0.01)", "--timeout", "none"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment(), text=True,
    ) as process:  # fmt: skip
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stdout.readline() == "1\n"
        process.stdout.close()
        assert process.wait(SECONDS) == 141
        assert process.stderr.read() == ""


def test_ctrl_c_on_a_terminal() -> None:
    with terminal("run", "-c", "print('on')\nwhile True: pass", "--timeout", "none") as screen:
        screen.expect("on\r\n")
        screen.send("\x03")
        assert screen.ends() == 130
    assert "Traceback" not in screen.seen


def test_ctrl_c_in_a_tool(tmp_path: Path) -> None:
    (tmp_path / "slow.py").write_text(
        "import time\ndef wait():\n    print('in it', flush=True)\n    time.sleep(600)\n"
    )
    with terminal("run", "-c", "call_tool('wait', {})", "--tool", "wait=slow:wait", cwd=tmp_path) as screen:
        screen.expect("in it")
        screen.send("\x03")
        assert screen.ends() == 130


def test_help_has_examples_for_every_command(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    _, out, _ = here(monkeypatch, capsys, "--help")
    listed = re.findall(r"^  (\w+)  ", out.partition("Commands:")[2], re.MULTILINE)
    assert listed == ["run", "repl", "doctor", "bench", "top", "completion"]
    for command in listed:
        assert "Examples:" in here(monkeypatch, capsys, command, "--help")[1], command


def test_completion(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    for shell in ("zsh", "fish"):  # bash is asked for its version, and need not be there
        code, out, _ = here(monkeypatch, capsys, "completion", shell)
        assert (code, "_ENCLAVE_COMPLETE" in out) == (0, True)
    answer = enclave(_ENCLAVE_COMPLETE="zsh_complete", COMP_WORDS="enclave run --ti", COMP_CWORD="2")
    assert "--timeout" in answer.stdout


def test_without_the_extra_it_says_what_to_install(tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text(
        "import sys\nsys.modules['click'] = sys.modules['rich'] = None\n"
    )
    done = enclave("run", "-c", "1", PYTHONPATH=str(tmp_path))
    assert (done.returncode, done.stdout) == (2, "")
    assert "the command line needs click and rich" in done.stderr
    assert f"{sys.executable} -m pip install 'enclave_subinterp[cli]'" in done.stderr


def test_the_console_script_is_there() -> None:
    script = Path(sys.executable).parent / "enclave"
    assert os.access(script, os.X_OK)
    done = subprocess.run(
        [script, "run", "-c", "6 * 7"], capture_output=True, text=True, timeout=SECONDS, check=False
    )
    assert (done.returncode, done.stdout) == (0, "42\n")
