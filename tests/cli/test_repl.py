"""`enclave repl`: from a pipe and on a terminal."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from enclave_subinterp._cli.lines import Inputs, is_whole
from tests.cli.driving import enclave, terminal

# --- where an input ends ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lines", "inputs"),
    [
        (["x = 1", "x"], ["x = 1", "x"]),
        (["", "  ", "x"], ["x"]),
        (["def f():", "    return 1", "f()"], ["def f():\n    return 1", "f()"]),
        (["def f():", "    return 1", "", "f()"], ["def f():\n    return 1\n", "f()"]),
        (["if x:", "    1", "else:", "    2", "", "3"], ["if x:\n    1\nelse:\n    2\n", "3"]),
        (["try:", "    1", "except E:", "    2", "finally:", "    3", "4"],
         ["try:\n    1\nexcept E:\n    2\nfinally:\n    3", "4"]),
        (["x = (1,", "2)", "x"], ["x = (1,\n2)", "x"]),
        (["s = '''a", "", "b'''", "s"], ["s = '''a\n\nb'''", "s"]),
        (["@d", "def f(): pass", "f"], ["@d\ndef f(): pass", "f"]),
        (["return 1", "await x"], ["return 1", "await x"]),
        (["if x:", "    return 1", "y"], ["if x:\n    return 1", "y"]),
        (["x = = 1", "y"], ["x = = 1", "y"]),
        (["for i in r:", "    a()", "# so", "    b()", "y"], ["for i in r:\n    a()\n# so\n    b()", "y"]),
        (["def f():", "    1"], ["def f():\n    1"]),
    ],
)  # fmt: skip
def test_inputs_end_where_they_should(lines: list[str], inputs: list[str]) -> None:
    splitter = Inputs()
    assert [source for line in lines for source in splitter.feed(line)] + splitter.rest() == inputs
    assert not splitter.pending


def test_hostile_sources_are_whole_and_left_to_the_enclave() -> None:
    assert is_whole("x" + "." * 5)
    assert is_whole("\0")
    assert is_whole("(" * 300 + ")" * 300)


# --- from a pipe -----------------------------------------------------------------------------------------------------


def talk(*lines: str, options: tuple[str, ...] = ()) -> tuple[int, str, str]:
    done = enclave("repl", *options, text="\n".join(lines) + "\n")
    return done.returncode, done.stdout, done.stderr


def test_state_lives_and_values_are_shown() -> None:
    assert talk("x = 20", "def f(n):", "    return n + 1", "f(x) * 2", "print('said')") == (
        0,
        "42\nsaid\n",
        "",
    )


def test_checkpoints_by_name_and_reset() -> None:
    code, out, err = talk(
        "x = 1", ":checkpoint one", "x = 2", ":checkpoint two", "x = 3",
        ":restore one", "x", ":restore two", "x", ":restore", "x", ":checkpoints",
        ":forget one", ":checkpoints", ":reset", "'x' in globals()", ":restore two", "x",
    )  # fmt: skip
    assert (code, out) == (0, "1\n2\n2\none\ntwo\ntwo\nFalse\n2\n"), err


def test_what_is_halted_undoes_itself_and_no_more() -> None:
    """GIVEN inputs that were not named WHEN a later one is halted THEN their state is there, and its own is not."""
    code, out, err = talk(
        "x = [1]",
        "x.append(2)",
        "for i in [3]: x.append(i); max(iter(int, 1))",
        "",
        "x",
        "for i in [4]: x.append(i); no_such_name",
        "",
        "x",
        options=("--timeout", "0.3"),
    )
    assert (code, out) == (12, "[1, 2]\n[1, 2, 4]\n"), "what merely fails leaves what it did"
    assert err.count("the session is as it was before this input") == 1


def test_a_lost_session_is_followed_by_a_new_one() -> None:
    code, out, err = talk("x = 1", "import os; os.abort()", "'x' in globals()")
    assert "WORKER_CRASHED" in err
    assert (code, out) == (23, "False\n")
    assert "a new one has begun" in err


def test_commands_say_what_is_wrong() -> None:
    code, out, err = talk(":jump", ":restore", ":restore a", ":forget a", ":stats", "1", ":quit", "2")
    assert (code, out) == (2, "nothing was run yet\n1\n")
    assert "(there is no command :jump; :help lists those that there are)" in err
    assert err.count("there is none, :checkpoint makes one") == 3


def test_a_command_ends_a_block() -> None:
    assert talk("def f():", "    return 5", ":checkpoint", "f()")[:2] == (0, "5\n")


def test_tools_variables_and_levels_are_those_of_run() -> None:
    code, _, err = talk(
        "n + call_tool('len', {'obj': 1})", options=("--set", "n=1", "--tool", "len=json:loads")
    )
    assert code == 14
    assert "missing 1 required positional argument: 's'" in err
    assert talk("eval('1')", options=("--level", "STRICT"))[0] == 10


PROMPT = "\x1b[?2004h"  # bracketed paste is switched on as an input begins, and only then;
TAKEN = "\x1b[?2004l"  # and off as it is taken


# --- on a terminal ---------------------------------------------------------------------------------------------------


def test_a_conversation(tmp_path: Path) -> None:
    with terminal("repl", XDG_STATE_HOME=str(tmp_path)) as screen:
        screen.expect(PROMPT)
        screen.send("answer = 6 * 7\r")
        screen.expect(PROMPT)
        screen.send("ans\t")
        screen.expect("wer")
        screen.send(".bit_le\t")
        screen.expect("ngth")
        screen.send("()\r")
        screen.expect(TAKEN + "6\r\n")
        screen.expect(PROMPT)
        screen.send("def f():\rreturn 8\r\r")
        screen.expect(PROMPT)
        screen.send("f() * 100\r")
        screen.expect(TAKEN + "800\r\n")
        screen.expect(PROMPT)
        screen.send("half an inp\x03")
        screen.expect(PROMPT)
        screen.send("print('on it'); max(iter(int, 1))\r")
        screen.expect(TAKEN + "on it\r\n")
        screen.send("\x03")
        screen.expect("interrupted; the session is as it was before this input")
        screen.expect(PROMPT)
        screen.send("answer\r")
        screen.expect(TAKEN + "42\r\n")
        screen.expect(PROMPT)
        screen.send("\x04")
        assert screen.ends() == 0
    assert "Traceback" not in screen.seen
    history = tmp_path / "enclave_subinterp" / "history"
    assert stat.S_IMODE(history.stat().st_mode) == 0o600
    assert "+answer = 6 * 7" in history.read_text()


def test_the_terminal_is_left_as_it_was_found(tmp_path: Path) -> None:
    with terminal("repl", "--no-history", XDG_STATE_HOME=str(tmp_path), NO_COLOR="1") as screen:
        import termios

        before = termios.tcgetattr(screen.fd)
        screen.expect(PROMPT)
        screen.send(":quit\r")
        assert screen.ends() == 0
        assert termios.tcgetattr(screen.fd) == before
    assert list(tmp_path.iterdir()) == []
