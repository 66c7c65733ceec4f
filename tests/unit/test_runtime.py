"""The code that slots run before their first script: whole, and without a word of where the host has its files."""

from __future__ import annotations

import marshal
from collections.abc import Iterator
from types import CodeType

import pytest

from enclave_subinterp._adapters.runtime import runtime
from enclave_subinterp._adapters.subinterpreter import GUEST_MODULES
from enclave_subinterp._adapters.tasks import TASK_MODULES


def inside(code: CodeType) -> Iterator[CodeType]:
    yield code
    for each in code.co_consts:
        if isinstance(each, CodeType):
            yield from inside(each)


@pytest.mark.parametrize("modules", [GUEST_MODULES, TASK_MODULES])
def test_nothing_in_it_names_a_file_of_the_host(modules: tuple[str, ...]) -> None:
    codes = marshal.loads(runtime(modules, "x = 1"))
    assert len(codes) == len(modules) + 1
    assert {each.co_filename for code in codes for each in inside(code)} == {"<enclave runtime>"}


def test_the_steps_come_last() -> None:
    namespace = {}
    for code in marshal.loads(runtime(("guest.rules",), "levels = sorted(RULES)")):
        exec(code, namespace)
    assert namespace["levels"] == ["PERMISSIVE", "SECURE", "STANDARD", "STRICT"]


def test_a_file_that_is_not_there_is_told() -> None:
    with pytest.raises(ImportError, match=r"enclave_subinterp\.guest\.nowhere: its code cannot be had"):
        runtime(("guest.nowhere",), "")
