"""What `make` says on a machine that lacks something."""

import errno
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from tools import env

ROOT = Path(__file__).resolve().parents[2]


def test_a_missing_compiler_is_named_before_anything_is_fetched(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("CC", raising=False)
    monkeypatch.setattr(env, "ROOT", tmp_path)
    (tmp_path / "pyproject.toml").write_bytes((ROOT / "pyproject.toml").read_bytes())
    with pytest.raises(env.TaskError, match=r"no cc, gcc or clang on PATH") as caught:
        env.Environment().ready("pool")
    assert caught.value.code == 2
    assert [path.name for path in (tmp_path / ".venv").iterdir()] == [f"{env.platform.python_version()}.lock"]


def test_without_a_network_it_says_where_packages_come_from(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """GIVEN an index that does not answer WHEN an environment is prepared THEN pip's words and a remedy are shown."""
    monkeypatch.setattr(env, "ROOT", tmp_path)
    (tmp_path / "pyproject.toml").write_bytes((ROOT / "pyproject.toml").read_bytes())
    environment = env.Environment()
    pip = 'import sys; sys.exit("ERROR: No matching distribution found for psutil")'
    monkeypatch.setattr(environment, "pip", lambda *_: [sys.executable, "-c", pip])
    monkeypatch.setattr(environment, "_made", dict[str, str])
    with pytest.raises(env.TaskError, match=r"is there a network\?"):
        environment.ready("pool", package=False)
    assert "    | ERROR: No matching distribution found for psutil" in capfd.readouterr().err


@pytest.mark.parametrize("reason", [errno.EACCES, errno.EROFS, errno.ENOSPC])
def test_a_folder_that_cannot_be_written_is_named(
    reason: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def task() -> None:
        raise OSError(reason, "it says why", "/somewhere/.venv")

    monkeypatch.setattr(sys, "argv", ["env.py", "task"])
    assert env.run_task({"task": task}, "env.py") == 2
    assert "/somewhere/.venv: it says why." in capsys.readouterr().err


def test_another_error_of_the_system_is_not_explained_away(monkeypatch: pytest.MonkeyPatch) -> None:
    def task() -> None:
        raise OSError(errno.EIO, "it says why")

    monkeypatch.setattr(sys, "argv", ["env.py", "task"])
    with pytest.raises(OSError, match="it says why"):
        env.run_task({"task": task}, "env.py")


def test_a_path_with_spaces_and_other_letters_is_no_obstacle(tmp_path: Path) -> None:
    """GIVEN a checkout in such a folder WHEN make asks for a Python there THEN it goes on as far as the compiler."""
    folder = tmp_path / "with space, ünïcode and 'quotes'"
    (folder / "tools").mkdir(parents=True)
    for name in ("Makefile", "pyproject.toml", "tools/env.py", "tools/with-python"):
        (folder / name).write_bytes((ROOT / name).read_bytes())
    command = ["make", "build", f"ENCLAVE_PYTHON={shlex.quote(sys.executable)}", "CC=no-such-compiler"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "There is no C compiler called no-such-compiler (from the variable CC)." in done.stderr
