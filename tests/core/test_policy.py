"""What the policy on audit events refuses, and the reason that it gives."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from enclave_subinterp import Enclave

CODE = "'__co' + 'de__'"  # the rules of the language do not see it
KEEPS = "a function keeps the code that it was made with"
REASONS = {
    f"setattr(print_it, {CODE}, getattr(lambda: 1, {CODE}))": (
        f"object.__setattr__ is not permitted in an enclave: {KEEPS}"
    ),
    f"import sys; sys.audit('object.__delattr__', print_it, {CODE})": (
        f"object.__delattr__ is not permitted in an enclave: {KEEPS}"
    ),
    "import io; io.FileIO('/')": (
        "open is not permitted in an enclave: there is no file system; io.StringIO and io.BytesIO are files in memory"
    ),
    "import sys; sys.audit('gc.get_objects')": (
        "gc.get_objects is not permitted in an enclave: other objects are not to be looked for"
    ),
    "import sys; sys.audit('something.new')": (
        "something.new is not permitted in an enclave: it leads out of the interpreter"
    ),
}


@pytest.fixture(scope="module")
def enclave() -> Iterator[Enclave]:
    with Enclave() as made:
        yield made


@pytest.mark.parametrize("code", REASONS)
def test_a_refusal_gives_its_reason(enclave: Enclave, code: str) -> None:
    result = enclave.run(f"def print_it(): print(1)\n{code}")
    assert result.error is not None
    assert (result.error.name, result.error.message) == ("PermissionError", REASONS[code])


def test_hooks_of_async_generators_are_a_scripts_own(enclave: Enclave) -> None:
    # WHEN a script sets both hooks, each an audit event of its own THEN they are in force
    result = enclave.run("""
import sys

sys.set_asyncgen_hooks(firstiter=print, finalizer=repr)
hooks = sys.get_asyncgen_hooks()
hooks.firstiter is print, hooks.finalizer is repr
""")
    assert result.value == (True, True), result.error
