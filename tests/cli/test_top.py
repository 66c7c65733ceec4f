"""The socket of figures, and `enclave top` which reads it."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import re
import select
import socket
import stat
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Self

import pytest

from enclave_subinterp import AsyncEnclave, Enclave, PoolClosedError, WorkerPoolConfig
from enclave_subinterp.observe import StatsServer, own_folder
from tests.cli.driving import SECONDS, enclave, environment, terminal


class Reader:
    """A client of the socket."""

    def __init__(self, path: Path) -> None:
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.socket.settimeout(SECONDS)
        self.socket.connect(str(path))
        self.lines = self.socket.makefile("rb")

    def message(self) -> dict[str, Any]:
        message: dict[str, Any] = json.loads(self.lines.readline())
        return message

    def sample(self) -> dict[str, Any]:
        while (message := self.message())["type"] != "sample":
            pass
        return message

    def runs(self, count: int) -> dict[str, Any]:
        """Wait until the only enclave has run so many scripts; what is told of it then."""
        while True:
            (found,) = self.sample()["enclaves"]
            if found["stats"] is not None and found["stats"]["total_executions"] == count:
                return dict(found)

    def ended(self) -> bool:
        """Wait for the end of what is said."""
        while self.lines.readline():
            pass
        return True

    def close(self) -> None:
        self.lines.close()
        self.socket.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


@pytest.fixture
def tmp_path() -> Iterator[Path]:
    """A short one: a socket's name has 107 bytes at most."""
    with tempfile.TemporaryDirectory(prefix="top", dir="/tmp") as folder:
        yield Path(folder)


@pytest.fixture(autouse=True)
def _place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    monkeypatch.delenv("ENCLAVE_STATS_SOCKET", raising=False)


# --- the socket ------------------------------------------------------------------------------------------------------


def test_nothing_is_open_unless_it_is_asked_for(tmp_path: Path) -> None:
    with Enclave() as pool:
        pool.run("1")
        assert list(tmp_path.iterdir()) == []
        assert "enclave-stats" not in {thread.name for thread in threading.enumerate()}


def test_figures_and_an_end_with_the_enclave() -> None:
    with Enclave(security_level="STRICT") as pool:
        server = pool.serve_stats(name="shop")
        assert stat.S_IMODE(server.path.stat().st_mode) == 0o600
        assert stat.S_IMODE(server.path.parent.stat().st_mode) == 0o700
        assert server.path == own_folder() / f"{os.getpid()}.sock"
        reader = Reader(server.path)
        hello = reader.message()
        assert (hello["type"], hello["pid"]) == ("hello", os.getpid())
        first = reader.sample()["enclaves"][0]
        assert (first["name"], first["security_level"], first["state"]) == ("shop", "STRICT", "open")
        assert first["stats"]["total_executions"] == 0
        pool.run("1")
        pool.run("1/0")
        reader.socket.sendall(b'{"interval": 0.1}\n')
        later = reader.runs(2)
        assert (later["stats"]["successful_executions"], later["stats"]["failed_executions"]) == (1, 1)
        assert [each["state"] for each in later["workers"]] == ["idle", "idle"]
        assert sum(each["executions"] for each in later["workers"]) == 2
    assert reader.ended()
    reader.close()
    assert server.closed
    assert not server.path.exists()


def test_nothing_of_the_host_or_of_scripts_is_on_the_socket() -> None:
    """GIVEN secrets in every place that an enclave knows of WHEN its figures are read THEN none is in them."""
    secret = "sesame-4711"
    with Enclave(
        globals={"token": secret},
        tool_handler=lambda name, args: secret,
        on_output=lambda stream, text: None,
    ) as pool:
        server = pool.serve_stats()
        pool.run(f"print('{secret}')\ncall_tool('{secret}', {{'a': '{secret}'}})\n'{secret}'")
        pool.run(f"raise ValueError('{secret}')")
        reader = Reader(server.path)
        said = reader.lines.readline() + reader.lines.readline()
        reader.close()
    assert b"sample" in said
    text = said.decode()
    assert secret not in text
    assert "/" not in text, "a path"
    # All text on the socket: names of fields, and values out of this list.
    texts = set(re.findall(r': "([^"]*)"', text))
    versions = {".".join(map(str, sys.version_info[:3])), "0.1.0"}
    assert {each for each in texts if not each.startswith("enclave-")} <= {
        "hello", "sample", "STANDARD", "open", "idle", "active", *versions,
    }  # fmt: skip


@pytest.mark.parametrize(
    "request_", [b"nonsense\n", b"[]\n", b'{"interval": 0}\n', b'{"interval": true}\n', b"x" * 5000]
)
def test_a_client_that_asks_for_nonsense_is_cut_off_and_the_others_are_not(request_: bytes) -> None:
    with Enclave() as pool, pool.serve_stats() as server:
        good, bad = Reader(server.path), Reader(server.path)
        bad.socket.sendall(request_)
        with contextlib.suppress(ConnectionResetError):  # what it had sent was not read
            assert bad.ended()
        good.socket.sendall(b'{"interval": 0.1}\n')
        for _ in range(3):
            assert good.sample()["enclaves"]
        good.close()
        bad.close()


def test_a_client_that_does_not_read_is_cut_off() -> None:
    with Enclave() as pool, pool.serve_stats() as server, Reader(server.path) as deaf:
        deaf.socket.sendall(b'{"interval": 0.1}\n')
        poller = select.poll()
        poller.register(deaf.socket, 0)  # POLLHUP always counts
        assert poller.poll(SECONDS * 1000), "it was not cut off"


def test_a_message_that_does_not_go_at_once_goes_later() -> None:
    """GIVEN more to tell than the kernel holds at a time WHEN it is read slowly THEN it comes whole."""
    with contextlib.ExitStack() as stack, StatsServer() as server:
        config = WorkerPoolConfig(min_workers=0)
        for _ in range(200):
            server.show(stack.enter_context(Enclave(worker_pool_config=config)))
        with Reader(server.path) as reader:
            assert len(reader.sample()["enclaves"]) == 200


def test_there_is_a_bound_of_clients() -> None:
    with Enclave() as pool, pool.serve_stats() as server:
        readers = [Reader(server.path) for _ in range(16)]
        for reader in readers:
            assert reader.sample()
        late = Reader(server.path)
        assert late.ended()
        for reader in [*readers, late]:
            reader.close()


def test_an_enclave_that_is_dropped_takes_its_socket_along() -> None:
    pool = Enclave()
    server = pool.serve_stats()
    with pytest.warns(ResourceWarning):
        del pool
    server._thread.join(SECONDS)
    assert server.closed
    assert not server.path.exists()


def test_a_closed_enclave_shows_nothing() -> None:
    pool = Enclave()
    pool.close()
    with pytest.raises(PoolClosedError):
        pool.serve_stats()


def test_async_enclaves_show_themselves_before_they_are_entered_and_end_likewise() -> None:
    async def main() -> Path:
        pool = AsyncEnclave()
        server = pool.serve_stats()
        reader = Reader(server.path)
        first = await asyncio.to_thread(reader.sample)
        assert (first["enclaves"][0]["state"], first["enclaves"][0]["stats"]) == ("new", None)
        async with pool:
            await pool.run("1")
            reader.socket.sendall(b'{"interval": 0.1}\n')
            assert (await asyncio.to_thread(reader.runs, 1))["state"] == "open"
        assert await asyncio.to_thread(reader.ended)
        reader.close()
        return server.path

    assert not asyncio.run(main()).exists()


# --- its place -------------------------------------------------------------------------------------------------------


def test_places_that_will_not_do(tmp_path: Path) -> None:
    (tmp_path / "open").mkdir(mode=0o755)
    own = tmp_path / "own"
    own.mkdir(mode=0o700)
    (own / "file").touch()
    (tmp_path / "link").symlink_to(own)
    with Enclave() as pool:
        with pytest.raises(ValueError, match=r"that nobody else can enter, got .*open"):
            pool.serve_stats(tmp_path / "open" / "x.sock")
        with pytest.raises(ValueError, match="that nobody else can enter"):
            pool.serve_stats(tmp_path / "link" / "x.sock")
        with pytest.raises(ValueError, match=r"in use or no socket"):
            pool.serve_stats(own / "file")
        with pytest.raises(ValueError, match="at most 107 bytes"):
            pool.serve_stats(own / ("x" * 200))
        with pytest.raises(FileNotFoundError):
            pool.serve_stats(tmp_path / "no" / "where" / "x.sock")
        with pytest.raises(TypeError, match="path: expected a path"):
            pool.serve_stats(7)  # type: ignore[arg-type]
        with pytest.raises(ValueError, match="name: expected 1 to 64 printable"):
            pool.serve_stats(name="\x1b")
        with pool.serve_stats(own / "x.sock"), pytest.raises(ValueError, match="in use"):
            pool.serve_stats(own / "x.sock")
    assert [thread.name for thread in threading.enumerate() if thread.name == "enclave-stats"] == []


def test_a_socket_that_a_dead_process_left_is_replaced(tmp_path: Path) -> None:
    folder = tmp_path / "own"
    folder.mkdir(mode=0o700)
    with socket.socket(socket.AF_UNIX) as left:
        left.bind(str(folder / "x.sock"))
    with Enclave() as pool, pool.serve_stats(folder / "x.sock") as server:
        Reader(server.path).close()


def test_two_servers_of_a_process_have_names_of_their_own() -> None:
    with Enclave() as pool, pool.serve_stats() as first, pool.serve_stats() as second:
        assert first.path != second.path
    assert not own_folder().joinpath(first.path.name).exists()


# --- processes -------------------------------------------------------------------------------------------------------

SERVICE = """
import os, sys
from enclave_subinterp import Enclave
enclave = Enclave()
enclave.run("1")
print("ready", flush=True)
while line := sys.stdin.readline():
    if line == "fork\\n":
        if not os.fork():
            own = Enclave()
            print(*(name for name in os.listdir(sys.argv[1]) if name.startswith(str(os.getpid()))), flush=True)
            while os.read(int(sys.argv[2]), 1):
                pass
            own.close()
            print("end of child", flush=True)
            os._exit(0)
    if line == "end\\n":
        break
"""


@pytest.fixture
def life() -> Iterator[list[int]]:
    """A pipe's two ends; who has the first lives until the second is closed."""
    ends = list(os.pipe())
    yield ends
    for end in ends:
        os.close(end)


@pytest.fixture
def service(tmp_path: Path, life: list[int]) -> Iterator[subprocess.Popen[str]]:
    """A process whose environment asks for the socket."""
    folder = tmp_path / "enclave-subinterp"
    with subprocess.Popen(
        [sys.executable, "-W", "ignore", "-c", SERVICE, folder, str(life[0])], pass_fds=life[:1],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment(ENCLAVE_STATS_SOCKET="auto"),
    ) as process:  # fmt: skip
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        yield process
        process.kill()


def tell(process: subprocess.Popen[str], line: str) -> None:
    assert process.stdin is not None
    process.stdin.write(line + "\n")
    process.stdin.flush()


def test_the_socket_of_a_process_ends_with_it(service: subprocess.Popen[str]) -> None:
    path = own_folder() / f"{service.pid}.sock"
    with Reader(path) as reader:
        assert reader.sample()["enclaves"][0]["stats"]["total_executions"] == 1
        tell(service, "end")
        assert service.wait(SECONDS) == 0
        assert reader.ended()
    assert not path.exists()


def test_a_fork_has_no_part_in_its_parents_socket(service: subprocess.Popen[str], life: list[int]) -> None:
    """GIVEN a child that lives on WHEN its parent ends THEN clients see that, and the child has its own."""
    path = own_folder() / f"{service.pid}.sock"
    with Reader(path) as reader:
        assert reader.sample()
        tell(service, "fork")
        assert service.stdout is not None
        name = service.stdout.readline().strip()
        assert re.fullmatch(r"\d+\.sock", name)
        assert name != path.name
        tell(service, "end")
        assert service.wait(SECONDS) == 0
        assert reader.ended(), "the child of the fork holds it open"
        assert (own_folder() / name).exists(), "the child is to live on until here"
        os.close(life.pop())
        assert service.stdout.read() == "end of child\n"


def test_a_socket_that_cannot_be_had_is_logged_and_hurts_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("ENCLAVE_STATS_SOCKET", str(tmp_path / "no" / "where" / "at all"))
    with Enclave() as pool:
        assert pool.run("1").value == 1
    assert "no statistics are shown" in caplog.text


# --- enclave top -----------------------------------------------------------------------------------------------------


def test_top_finds_the_only_process_and_shows_it_once(service: subprocess.Popen[str]) -> None:
    done = enclave("top", "--once")
    assert done.returncode == 0, done.stderr
    assert f"process {service.pid}" in done.stdout
    assert "enclave-1  STANDARD, open" in done.stdout
    assert "runs 1, failed 0" in done.stdout
    assert "\x1b" not in done.stdout


def test_top_as_json_by_number(service: subprocess.Popen[str]) -> None:
    done = enclave("top", str(service.pid), "--once", "--json")
    assert json.loads(done.stdout)["enclaves"][0]["stats"]["total_executions"] == 1


def test_top_on_a_terminal_leaves_it_whole(service: subprocess.Popen[str]) -> None:
    with terminal("top", "--interval", "0.1") as screen:
        screen.expect("\x1b[?1049h")
        screen.expect("runs/s")
        screen.send("\x03")
        assert screen.ends() == 130
    assert screen.seen.rindex("\x1b[?1049l") > screen.seen.rindex("runs/s"), "the other screen is left"
    assert screen.seen.rindex("\x1b[?25h") > screen.seen.rindex("\x1b[?25l"), "the cursor is shown"


def test_top_ends_with_the_process_that_it_watches(service: subprocess.Popen[str]) -> None:
    with terminal("top", "--interval", "0.1") as screen:
        screen.expect("runs/s")
        tell(service, "end")
        screen.expect("has closed its socket")
        assert screen.ends() == 0


def test_top_says_what_to_do_where_there_is_nothing(tmp_path: Path) -> None:
    done = enclave("top")
    assert done.returncode == 2
    assert "ENCLAVE_STATS_SOCKET=auto" in done.stderr
    (tmp_path / "file").touch()
    assert "is no socket" in enclave("top", tmp_path / "file").stderr
    assert "there is no socket" in enclave("top", "1").stderr


def test_top_shows_no_control_characters_of_what_it_reads(tmp_path: Path) -> None:
    """GIVEN a stranger that speaks the protocol WHEN it is watched THEN it cannot paint the terminal."""
    path = tmp_path / "s"
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(path))
        listener.listen()

        def speak() -> None:
            connection, _ = listener.accept()
            with connection:
                hello = {
                    "type": "hello",
                    "protocol": 1,
                    "pid": 1,
                    "python": "\x1b]0;x\x07",
                    "version": "[red]1",
                }
                sample = {"type": "sample", "enclaves": []}
                connection.sendall(json.dumps(hello).encode() + b"\n" + json.dumps(sample).encode() + b"\n")
                connection.recv(100)

        speaker = threading.Thread(target=speak)
        speaker.start()
        with terminal("top", path, "--once") as screen:
            assert screen.ends() == 0
        speaker.join(SECONDS)
    assert "\\x1b]0;x\\x07" in screen.seen
    assert "[red]1" in screen.seen
    assert "\x1b]0" not in screen.seen


def test_a_server_is_no_secret_keeper_of_threads() -> None:
    """GIVEN a server for a process WHEN it is closed from its own context THEN its thread has ended."""
    with StatsServer() as server:
        assert not server.closed
    assert server.closed
