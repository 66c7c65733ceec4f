"""Each layer of the sandbox alone: what it stops and what it does not, by a few programs of every kind.

`python tests/suites/layers.py` runs them all and prints the table of SECURITY.md.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from escapes import load_all
from layers import CATEGORIES, LAYERS, NONE, category, place_of
from sandbox import Runs

# The layers that stop a program alone: by each of them it is stopped, by none of the others, nor without any.
STOPPED_BY = {
    "audit system": "copy_reduce exec_main_module file_codecs file_io_open file_loader_get_data module_logging_os",
    "language audit system": "exec_compile code_replaced_constants descriptor_dev_fd",
    "language modules audit system": "attribute_locate exec_trace file_dbm file_configparser",
    "modules audit system": "import_by_logging_ext net_urllib",
    "language types": "format_fstring frame_generator frame_coroutine_code frame_exc_info runtime_globals",
    "types": "format_globals frame_captured_locals attribute_getclosurevars",
    "types audit system": "attribute_getattr format_get_field",
    "language types audit system": "attribute_attrgetter type_function_with_globals",
    "language types audit": "frame_current_frames frame_settrace",
    "language modules types audit system": "gc_functions",
    "modules types audit system": "type_subclasses_of_type",
    "language": "frame_asyncio_exception_handler type_registry_of_abc runtime_calls_str",
    "language modules audit": "gc_objects gc_referrers",
    "language audit": "runtime_code_replaced frame_setprofile",
    "audit": "frame_monitoring",
    "functions": "env_xoptions thread_stack_size signal_mask",
    "language functions": "thread_interrupt_main",
    "functions audit system": "locale_of_calendar",
    "language modules": "gc_callbacks",
    "modules types": "frame_extract_stack",
    "system": "descriptor_pipe host_pid names_stat limit_nice net_epoll",
    "language modules system": "users_pwd write_shm_open",
}
# The core stops these without any layer: what one run leaves the next does not find, and a crash is contained.
STOPPED_BY_CORE = "death_abort descriptor_read stain_build_class"

EXPECTED = {
    name: frozenset(layers.split()) for layers, names in STOPPED_BY.items() for name in names.split()
} | {name: frozenset((NONE, *LAYERS)) for name in STOPPED_BY_CORE.split()}
PROGRAMS = [program for program in load_all() if program.name in EXPECTED]


@pytest.fixture(scope="module")
def runs() -> Iterator[Runs]:
    """The programs with each layer alone, and without any."""
    with Runs({place_of("STANDARD", layer): PROGRAMS for layer in (NONE, *LAYERS)}) as running:
        yield running


@pytest.mark.parametrize("layer", [NONE, *LAYERS])
def test_layer_alone(layer: str, runs: Runs) -> None:
    # GIVEN an enclave with one layer only WHEN programs try their ways out
    place = place_of("STANDARD", layer)
    stopped = {program.name for program in PROGRAMS if not runs.verdict(place, program).escaped}
    # THEN those get out that the layer is not for, and no others
    assert stopped == {name for name, layers in EXPECTED.items() if layer in layers}


def test_every_program_is_there_and_has_its_row() -> None:
    assert {program.name for program in PROGRAMS} == EXPECTED.keys()
    assert {category(program) for program in load_all()} == CATEGORIES.keys()
