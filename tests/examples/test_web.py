"""The service of examples/web: values, streams, limits, errors, refusals, and runs that are ended."""

from __future__ import annotations

import json
import signal
import socket
from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack

import pytest

from enclave_subinterp import ErrorCode, SecurityLevel
from examples.web.answers import STATUS, as_json, as_text
from examples.web.requests import MAX_BODY
from tests.examples.conftest import FREE_QUEUE, TIERS, WAIT, Served

ENDLESS = "sum(iter(int, 1))"  # at every level


def until_gone(served: Served, tier: str) -> None:
    """Wait until no run is under way there, as an operator is shown it."""
    with served[f"{tier}-operator"].asked("GET", "/live") as response:
        for line in response:
            if not json.loads(line)["runs"]:
                return
    raise AssertionError("the service ended the stream")


# --- what a script comes to -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("tier", TIERS)
def test_values_output_and_inputs(served: Served, tier: str) -> None:
    reply = served[tier].run("print('seen')\nreturn {'n': n * 2, 'set': {1}}", inputs={"n": 21})
    assert (reply.status, reply.body["value"]) == (200, {"n": 42, "set": [1]})
    assert reply.body["shown"] == "{'n': 42, 'set': {1}}"
    assert reply.body["success"] is True
    assert reply.body["stats"]["message_count"] == 1


@pytest.mark.parametrize(
    ("tier", "code", "status", "error"),
    [
        ("free", "while True: pass", 400, "VALIDATION_ERROR"),
        ("free", "for n in range(10**6): pass", 422, "MAX_ITERATIONS"),
        ("free", "for n in range(900): print(n)", 422, "OUTPUT_LIMIT"),
        ("free", "for n in range(99): call_tool('get', {'name': 'x'})", 422, "MAX_TOOL_CALLS"),
        ("plus", "'x' * 2 * 10**6", 413, "MESSAGE_TOO_LARGE"),
        ("plus", "len([0] * 10**9)", 422, "MEMORY_LIMIT_EXCEEDED"),
        ("own", ENDLESS, 422, "TIMEOUT"),
        ("own", "1 / 0", 422, "EXECUTION_ERROR"),
        ("own", "object()", 422, "RESULT_NOT_SERIALIZABLE"),
        ("own", "call_tool('nothing', {})", 424, "TOOL_ERROR"),
        ("own", "import os\nos.abort()", 500, "WORKER_CRASHED"),
        ("own", "import os\nos._exit(1)", 403, "SANDBOX_VIOLATION"),
        ("staff", "for n in range(10**6): print(n)", 422, "MESSAGE_FLOOD"),
    ],
)
def test_errors_of_scripts(served: Served, tier: str, code: str, status: int, error: str) -> None:
    reply = served[tier].run(code, **({"timeout": 0.3} if code == ENDLESS else {}))
    assert (reply.status, reply.code) == (status, error)
    assert reply.body["success"] is False
    assert served[tier].run("'as before'").body["value"] == "as before"


def test_every_code_has_a_status() -> None:
    assert set(STATUS) == set(ErrorCode)
    assert not set(STATUS.values()) & {408, 429, 502, 503, 504}  # what is repeated without being asked


def test_values_that_json_has_no_form_for() -> None:
    assert as_json([float("nan"), 1 << 20_000, b"ab", {1: ("x",)}]) == [
        "nan",
        hex(1 << 20_000),
        "YWI=",
        {"1": ["x"]},
    ]
    assert len(as_text("x" * 10**6)) < 3_000
    assert len(as_text([1 << 20_000])) < 3_000


def test_notes_are_each_tenants_own(served: Served) -> None:
    put = "call_tool('put', {'name': 'secret', 'text': text})\nreturn call_tool('get', {'name': 'secret'})"
    assert served["own"].run(put, inputs={"text": "a"}).body["value"] == "a"
    assert served["other"].run(put, inputs={"text": "b"}).body["value"] == "b"
    assert served["own"].run("call_tool('get', {'name': 'secret'})").body["value"] == "a"


# --- streams ----------------------------------------------------------------------------------------------------------


def test_output_comes_before_the_end(served: Served) -> None:
    # GIVEN a script that waits for a note which is written only after its output has been seen
    code = """
import sys
print("first")
print("beside", file=sys.stderr)
call_tool("wait", {"name": "go"})
return "done"
"""
    with served["own"].stream(code) as events:
        assert next(events)["type"] == "run"
        assert next(events) == {"type": "output", "stream": "stdout", "text": "first\n"}
        beside = ""
        while beside != "beside\n":  # stderr comes as it is written, the line's end by itself
            event = next(events)
            assert event["stream"] == "stderr"
            beside += event["text"]
        served["own"].run("call_tool('put', {'name': 'go', 'text': 'now'})")
        (end,) = events
    assert (end["type"], end["status"], end["value"]) == ("end", 200, "done")


def test_all_of_the_output_comes(served: Served) -> None:
    with served["own"].stream("for n in range(500): print(n)\n1 / 0") as events:
        _, *pieces, end = events
    assert "".join(piece["text"] for piece in pieces) == "".join(f"{n}\n" for n in range(500))
    assert (end["status"], end["error"]["code"]) == (422, "EXECUTION_ERROR")


# --- ends from outside ------------------------------------------------------------------------------------------------


def test_kill(served: Served) -> None:
    with served["own"].stream("print('on')\n" + ENDLESS) as events:
        run = next(events)["run"]
        assert next(events)["text"] == "on\n"
        assert [shown["id"] for shown in served["own"].ask("GET", "/runs").body["runs"]] == [run]
        # WHEN another tenant of the pool asks for its end THEN there is no such run, for the owner there is
        assert served["other"].ask("DELETE", f"/runs/{run}").status == 404
        assert served["own"].ask("DELETE", f"/runs/{run}").status == 204
        (end,) = events
    assert (end["status"], end["error"]["code"]) == (409, "ABORTED")
    assert served["own"].ask("DELETE", f"/runs/{run}").status == 404


@pytest.mark.parametrize("path", ["/run", "/stream"])
def test_a_dropped_request_ends_its_run(served: Served, path: str) -> None:
    body = json.dumps({"code": ENDLESS}).encode()
    host, port = served.address.removeprefix("http://").split(":")
    head = f"POST {path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer plus-key\r\nContent-Length: {len(body)}\r\n\r\n"
    with socket.create_connection((host, int(port)), WAIT) as connection:
        connection.sendall(head.encode() + body)
        while not served["plus"].ask("GET", "/runs").body["runs"]:
            pass  # each is a request: it has not been read yet
    # The run has 15 s, which the pool's own figures would tell.
    before = served["plus-operator"].ask("GET", "/stats").body["pools"]["plus"]["timeout_executions"]
    until_gone(served, "plus")
    after = served["plus-operator"].ask("GET", "/stats").body["pools"]["plus"]["timeout_executions"]
    assert after == before


def test_an_end_that_nothing_holds_up(started: Callable[[], AbstractContextManager[Served]]) -> None:
    # GIVEN a page that watches WHEN the service is told to end THEN it does, and without a complaint
    with started() as served, served["own-operator"].asked("GET", "/live") as response:
        assert response.readline()
        served.process.terminate()
        for _ in response:
            pass
        # Had it waited for the page, uvicorn would have complained; the service's stderr must be empty.
        assert served.process.wait(WAIT) in {0, -signal.SIGTERM}


# --- refusals ---------------------------------------------------------------------------------------------------------


def test_one_tenant_has_its_share_and_no_more(served: Served) -> None:
    with served["free"].stream(ENDLESS) as one, served["free"].stream(ENDLESS) as two:
        next(one), next(two)
        reply = served["free"].run("1")
        assert (reply.status, reply.code, reply.headers["retry-after"]) == (429, "TENANT_BUSY", "1")
        assert served["free-operator"].run("1").status == 200
    until_gone(served, "free")


def test_a_full_queue(served: Served) -> None:
    places = SecurityLevel.STRICT.pool_config.max_workers + FREE_QUEUE
    with ExitStack() as stack:
        # GIVEN as many runs as the pool takes, of many tenants
        for n in range(places):
            events = stack.enter_context(served[f"free-{n // 2}"].stream(ENDLESS))
            assert next(events)["type"] == "run"
        # WHEN there is one more THEN it is told to come again, and its stream does not even begin
        for path in ("/run", "/stream"):
            reply = served["free"].ask("POST", path, b'{"code": "1"}')
            assert (reply.status, reply.code) == (503, "QUEUE_FULL")
            assert 1 <= reply.body["error"]["retry_after"] == int(reply.headers["retry-after"]) <= 30
        assert served["plus"].run("1").status == 200
    # Once those have gone, the running and the waiting, there is room.
    until_gone(served, "free")
    assert served["free"].run("1").status == 200


def bodies() -> list[tuple[bytes, int, str]]:
    return [
        (b"no JSON", 400, "BAD_REQUEST"),
        (b"\xff", 400, "BAD_REQUEST"),
        (b"[" * 100_000, 400, "BAD_REQUEST"),
        (b"[]", 400, "BAD_REQUEST"),
        (b'{"code": 1}', 400, "BAD_REQUEST"),
        (b'{"code": "1", "other": 1}', 400, "BAD_REQUEST"),
        (b'{"code": "1", "timeout": true}', 400, "BAD_REQUEST"),
        (b'{"code": "1", "timeout": -1}', 400, "BAD_REQUEST"),
        (b'{"code": "1", "timeout": NaN}', 400, "BAD_REQUEST"),
        (b'{"code": "1", "inputs": []}', 400, "BAD_REQUEST"),
        (b'{"code": "1", "inputs": {"not a name": 1}}', 400, "BAD_REQUEST"),
        (b'{"code": "\\ud800"}', 400, "VALIDATION_ERROR"),
        (b'{"code": "1", "inputs": {"x": "\\ud800"}}', 400, "BAD_REQUEST"),
        (json.dumps({"code": "#" * MAX_BODY}).encode(), 413, "TOO_LARGE"),
    ]


@pytest.mark.parametrize(("body", "status", "code"), bodies())
def test_requests_that_are_wrong(served: Served, body: bytes, status: int, code: str) -> None:
    reply = served["own"].ask("POST", "/run", body)
    assert (reply.status, reply.code) == (status, code), reply.body


def test_a_body_without_a_length_is_bounded_too(served: Served) -> None:
    host, port = served.address.removeprefix("http://").split(":")
    head = (
        "POST /run HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer own-key\r\nTransfer-Encoding: chunked\r\n\r\n"
    )
    chunk = b"1000\r\n" + b"x" * 0x1000 + b"\r\n"
    with socket.create_connection((host, int(port)), WAIT) as connection:
        connection.sendall(head.encode() + chunk * (MAX_BODY // 0x1000 + 1))
        assert connection.recv(100).startswith(b"HTTP/1.1 413 ")


def test_who_may_do_what(served: Served) -> None:
    reply = served["unknown"].run("1")
    assert (reply.status, reply.code, reply.headers["www-authenticate"]) == (401, "UNAUTHORIZED", "Bearer")
    assert served["own"].ask("GET", "/stats").status == 403
    assert served["own"].ask("GET", "/live").status == 403
    for method, path, status, code in (
        ("GET", "/run", 405, "METHOD_NOT_ALLOWED"),
        ("GET", "/nothing", 404, "NOT_FOUND"),
    ):
        reply = served["own"].ask(method, path)
        assert (reply.status, reply.code) == (status, code)


def test_figures(served: Served) -> None:
    operator = served["own-operator"]
    assert served["unknown"].ask("GET", "/health").body["healthy"] is True
    before = operator.ask("GET", "/stats").body["pools"]["own"]["total_executions"]
    worker = served["own"].run("1").body["stats"]["worker_id"]
    assert operator.ask("GET", "/stats").body["pools"]["own"]["total_executions"] == before + 1
    with operator.asked("GET", "/live") as response:
        live = json.loads(response.readline())
    assert worker in [each["id"] for each in live["workers"]]
    assert all(each["memory"] > 0 for each in live["workers"] if each["state"] != "spare")
