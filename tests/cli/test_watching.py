"""Metrics, traces and log records."""

from __future__ import annotations

import asyncio
import gc
import logging
import subprocess
import sys
from collections.abc import Iterator

import pytest
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import StatusCode
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.parser import text_string_to_metric_families

from enclave_subinterp import (
    AsyncEnclave,
    Enclave,
    PoolClosedError,
    Session,
    WorkerPoolConfig,
    metrics,
    tracing,
)

ONE = WorkerPoolConfig(min_workers=1, max_workers=1)


# --- metrics ---------------------------------------------------------------------------------------------------------


def scrape(registry: CollectorRegistry) -> dict[tuple[str, ...], float]:
    families = text_string_to_metric_families(generate_latest(registry).decode())
    return {
        (sample.name, *sample.labels.values()): sample.value
        for family in families
        for sample in family.samples
    }


def test_a_scrape_has_the_pools_figures() -> None:
    collector = metrics.EnclaveCollector()
    registry = CollectorRegistry()
    registry.register(collector)
    with Enclave(worker_pool_config=ONE) as first, Enclave(worker_pool_config=ONE) as second:
        collector.add(first, "first")
        collector.add(second, "second")
        first.run("1")
        first.run("while True: pass", timeout=0.05)
        figures = scrape(registry)
        stats = first.stats()
    assert figures["enclave_executions_total", "first", "success"] == 1
    assert figures["enclave_executions_total", "first", "failure"] == 1
    assert figures["enclave_executions_total", "second", "success"] == 0
    assert (
        figures["enclave_timeouts_total", "first"]
        == figures["enclave_forced_terminations_total", "first"]
        == 1
    )
    assert figures["enclave_workers", "first", "idle"] == 1
    assert figures["enclave_execution_seconds_total", "first"] == pytest.approx(2 * stats.avg_execution_time)
    assert figures["enclave_worker_memory_max_bytes", "first"] > 2**20


def test_an_enclave_that_is_gone_is_left_out() -> None:
    collector = metrics.EnclaveCollector()
    registry = CollectorRegistry()
    registry.register(collector)
    enclave = Enclave(worker_pool_config=ONE)
    collector.add(enclave)
    with pytest.raises(ValueError, match="name: expected one that no other enclave here has, got 'default'"):
        collector.add(AsyncEnclave())
    enclave.close()
    assert ("enclave_queue_depth", "default") in scrape(registry)
    del enclave
    gc.collect()
    assert scrape(registry) == {}
    not_entered = AsyncEnclave()
    collector.add(not_entered)
    assert scrape(registry) == {}


def test_export_to_the_registry_of_the_process() -> None:
    from prometheus_client import REGISTRY

    with Enclave(worker_pool_config=ONE) as enclave:
        for _ in range(2):
            with metrics.export(enclave, "shop"):
                assert scrape(REGISTRY)["enclave_queue_depth", "shop"] == 0
            assert ("enclave_queue_depth", "shop") not in scrape(REGISTRY)


# --- traces ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def spans() -> Iterator[InMemorySpanExporter]:
    exporter = InMemorySpanExporter()
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    tracing.instrument(provider)
    yield exporter
    tracing.uninstrument()
    provider.shutdown()


def test_a_run_is_a_span_with_figures_and_nothing_of_the_script(spans: InMemorySpanExporter) -> None:
    with Enclave(worker_pool_config=ONE) as enclave:
        enclave.run("'sesame'")
        enclave.run("raise ValueError('sesame')")
    good, bad = spans.get_finished_spans()
    assert (good.name, good.status.status_code) == ("enclave.run", StatusCode.UNSET)
    assert good.attributes is not None
    assert good.attributes["enclave.worker_id"]
    assert good.attributes["enclave.peak_memory"]
    assert (bad.status.status_code, bad.status.description) == (StatusCode.ERROR, "EXECUTION_ERROR")
    assert bad.attributes is not None
    assert bad.attributes["error.type"] == "EXECUTION_ERROR"
    assert "sesame" not in good.to_json() + bad.to_json()


def test_tools_are_children_of_the_run(spans: InMemorySpanExporter) -> None:
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(spans))
    tracer = provider.get_tracer("tools")

    def handler(name: str, args: dict[str, object]) -> int:
        with tracer.start_as_current_span(name):
            return 1

    with Enclave(worker_pool_config=ONE, tool_handler=handler) as enclave:
        enclave.run("call_tool('price', {})")
    tool, run = spans.get_finished_spans()
    assert (tool.name, run.name) == ("price", "enclave.run")
    assert tool.parent is not None
    assert tool.parent.span_id == run.get_span_context().span_id


def test_sessions_submitted_scripts_and_awaited_ones(spans: InMemorySpanExporter) -> None:
    async def main() -> None:
        async with AsyncEnclave(worker_pool_config=ONE) as enclave:
            await enclave.run("1")
            async with enclave.session() as session:
                await session.run("1")

    with Enclave(worker_pool_config=ONE) as enclave:
        handle = enclave.submit("1/0")
        assert handle.result().error is not None
        with enclave.session() as session:
            session.run("1")
    asyncio.run(main())
    found = [(span.name, span.status.description) for span in spans.get_finished_spans()]
    assert sorted(found, key=str) == [
        ("enclave.run", None),
        ("enclave.session.run", None),
        ("enclave.session.run", None),
        ("enclave.submit", "EXECUTION_ERROR"),
    ]


def test_what_never_began_is_a_span_with_the_reason(spans: InMemorySpanExporter) -> None:
    enclave = Enclave(worker_pool_config=ONE)
    enclave.close()
    with pytest.raises(PoolClosedError):
        enclave.run("1")
    with pytest.raises(PoolClosedError):
        enclave.submit("1")
    for span in spans.get_finished_spans():
        assert span.status.status_code is StatusCode.ERROR
        assert span.events[0].attributes is not None
        assert "PoolClosedError" in str(span.events[0].attributes["exception.type"])
    assert len(spans.get_finished_spans()) == 2


def test_uninstrument_gives_back_what_was_there() -> None:
    before = (Enclave.run, Enclave.submit, Session.run, AsyncEnclave.run)
    tracing.instrument()
    tracing.instrument()
    assert Enclave.run is not before[0]
    tracing.uninstrument()
    assert (Enclave.run, Enclave.submit, Session.run, AsyncEnclave.run) == before


# --- both ------------------------------------------------------------------------------------------------------------


def test_neither_is_loaded_with_the_package_and_both_say_what_they_lack() -> None:
    script = """
import sys
sys.modules["prometheus_client"] = sys.modules["opentelemetry"] = None
import enclave_subinterp
assert not {"enclave_subinterp.metrics", "enclave_subinterp.tracing", "enclave_subinterp.observe"} & set(sys.modules)
for name in ("metrics", "tracing"):
    try:
        __import__(f"enclave_subinterp.{name}")
    except ImportError as error:
        print(error)
"""
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.stderr == ""
    assert done.stdout.splitlines() == [
        "enclave_subinterp.metrics needs prometheus_client: pip install 'enclave_subinterp[metrics]'",
        "enclave_subinterp.tracing needs opentelemetry-api: pip install 'enclave_subinterp[tracing]'",
    ]


def test_log_records_carry_worker_and_reason(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, "enclave_subinterp")
    with Enclave(worker_pool_config=ONE) as enclave:
        worker = enclave.run("while True: pass", timeout=0.05).stats.worker_id
        with enclave.session() as session:
            session.run("while True: pass", timeout=0.05)
        crashed = enclave.run("import os; os.abort()").stats.worker_id
    found = [
        (record.__dict__["worker_id"], record.__dict__["reason"])
        for record in caplog.records
        if "was recycled" in record.getMessage()
    ]
    assert found[:3] == [(worker, "TIMEOUT"), (worker, "TIMEOUT"), (crashed, "CRASH")]
    assert all(reason == "SHUTDOWN" for _, reason in found[3:])
