"""The contract's tests run over each adapter that shares the contract; what differs stands here, with its reason."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from enclave_subinterp.enclave import EnclaveBase

BOTH = ("test_enclave", "test_enclave_pool", "test_tools", "test_session", "test_aio")

# Tests that are not for "inline": what they are about, it does not promise.
DIFFERS = {
    "test_no_thread_waits_for_a_run": "an awaited script has a thread",
    "test_a_call_that_is_alone_needs_no_other_thread": "a call of a script's event loop is served by another thread",
    "test_a_loop_opens_no_descriptors": "the event loop is an ordinary one",
    "test_a_flood_ends_the_run_however_it_is_caught[import asyncio; asyncio.run(acall_tool('x'))]": (
        "an event loop of the script's own, interrupted while it closes, is left to the collector, which complains"
    ),
    "test_state_lives_between_runs_and_not_beyond": "modules are the host's",
    "test_what_the_core_contains_is_in_the_result": "memory limit, crash containment",
    "test_a_crash_names_its_signal": "crash containment",
    "test_figures_of_a_run": "peak memory",
    "test_cpu_limit": "cpu_limit is refused",
    "test_the_counters_and_reasons_add_up": "memory limit, crash containment",
    "test_what_is_in_the_post_counts_like_memory": "memory limit",
    "test_the_host_counts_again": "the core's channel",
    "test_a_crash_ends_it": "crash containment",
    "test_runs_and_their_errors": "crash containment",
    "test_how_sessions_end": "crash containment",
    "test_one_shot": "STRICT",
    "test_what_the_platform_lacks_is_an_error": "the core's platform",
    "test_a_script_does_not_see_the_hosts_signal_handlers": "the host's state is the script's",
    "test_limits_of_output_come_before_the_flood": "STRICT",
    "test_a_session": "checkpoints",
    "test_a_session_answers_as_a_model_says": "checkpoints",
    "test_a_large_checkpoint_is_taken_in_the_sandbox": "checkpoints",
    "test_a_halt_leaves_it_at_its_last_checkpoint": "checkpoints",
    "test_random_numbers_differ_after_a_way_back": "checkpoints",
    "test_ids_are_checked": "checkpoints",
    "test_their_memory_is_bounded_and_given_back": "checkpoints",
}


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    adapters = ["subinterpreter"]
    if metafunc.module.__name__.rpartition(".")[2] in BOTH:
        adapters.append("inline")
    metafunc.parametrize("adapter", adapters, indirect=True, scope="module")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    out = [item for item in items if _differs(item)]
    config.hook.pytest_deselected(items=out)
    items[:] = [item for item in items if item not in out]


def _differs(item: pytest.Item) -> bool:
    spec = getattr(item, "callspec", None)
    if spec is None or spec.params.get("adapter") != "inline":
        return False
    name = item.name.replace("inline-", "").replace("[inline]", "")
    return name in DIFFERS or name.partition("[")[0] in DIFFERS


@pytest.fixture(scope="module", autouse=True)
def adapter(request: pytest.FixtureRequest) -> Iterator[str]:
    """The adapter of every enclave that a test makes without naming one."""
    defaults = EnclaveBase.__init__.__kwdefaults__
    before = defaults["adapter"]
    defaults["adapter"] = request.param
    yield request.param
    defaults["adapter"] = before
