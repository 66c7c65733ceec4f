"""The language layer where it belongs: its texts in a slot's runtime, before the script, run after run."""

import marshal
from typing import Any

import pytest
from slots import STUCK, answer, begin, native

# What the runtime is to do with them, in short: a script whose finding or count is its value.
IN_FRONT = """
def _execute(source, filename, namespace, *rest):
    at = RULES[namespace["level"]]
    found = check_source(source, at)
    if found:
        return refusal(found)
    tree = compile(source, filename, "exec", _ONLY_AST, dont_inherit=True)
    found = check_tree(source, tree, at)
    if found:
        return refusal(found)
    turns = 0

    def count():
        nonlocal turns
        turns += 1
        return True

    count_turns(tree)
    exec(bind_counter(compile(tree, filename, "exec", dont_inherit=True), count), namespace)
    return turns
"""


@pytest.fixture(scope="module")
def slot() -> Any:
    from enclave_subinterp._adapters import subinterpreter as adapter

    adapter._prepare_host(())
    codes = marshal.loads(adapter._bootstrap("STANDARD", (), frozenset()))
    in_front = compile(IN_FRONT, "<in front>", "exec", dont_inherit=True)
    runtime = marshal.dumps((*codes, in_front))
    made = native().Slot(bootstrap=runtime, memory_limit=64 << 20, max_message_size=4 << 20)
    assert made.wait_ready(STUCK)
    yield made
    made.close(STUCK)


def value(slot: Any, source: str, level: str = "STRICT") -> Any:
    outcome, _, came = answer(slot, begin(slot, source, variables={"level": level}))
    assert outcome == native().OUTCOME_VALUE, came
    return came


def test_findings_come_out_of_a_slot(slot: Any) -> None:
    message, data = value(slot, "x = 1\nx.__class__")
    assert message.startswith(
        "line 2, column 3: `__class__` may not be written at security level STRICT; use type(x)"
    )
    assert data["findings"] == [
        {
            "line": 2,
            "column": 3,
            "rule": "dunder",
            "message": "`__class__` may not be written at security level STRICT",
            "suggestion": "use type(x), or super() without arguments",
        }
    ]
    assert value(slot, "x = 1\nx.__class__", "STANDARD") == 0


def test_identifiers_are_read_as_they_are_written(slot: Any) -> None:
    """With the tokenizer, an extension module that is in the slot before the guard of such modules."""
    message, _ = value(slot, "ｅval = 1")
    assert "is not ASCII" in message


def test_loops_count_in_a_slot(slot: Any) -> None:
    for n in (0, 3, 1):
        assert value(slot, f"for i in range({n}):\n    [j for j in 'ab']") == 3 * n


def test_what_a_script_does_to_its_interpreter_does_not_reach_the_next_check(slot: Any) -> None:
    spoil = "import _ast, builtins\n_ast.Attribute._fields = ()\nbuiltins.len = builtins.type = builtins.getattr = None"
    assert value(slot, spoil, "STANDARD") == 0
    message, _ = value(slot, "x.__globals__")
    assert "__globals__" in message


@pytest.mark.parametrize(
    "source", ["x = " + "[" * 150 + "]" * 150, "x = " + "-" * 20_000 + "1", "x = 1" + "+1" * 20_000]
)
def test_source_that_tries_the_parser_ends_as_an_error(slot: Any, source: str) -> None:
    """Of the parser, of the compiler or of the check; the next run finds the slot whole."""
    outcome, _, came = answer(slot, begin(slot, source, variables={"level": "STRICT"}))
    if outcome == native().OUTCOME_VALUE:
        assert came[1]["rule"] == "depth"
    else:
        assert outcome == native().OUTCOME_ERROR
        assert came[1] in ("MemoryError", "RecursionError", "SyntaxError")
    assert value(slot, "1") == 0
