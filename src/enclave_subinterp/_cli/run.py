"""`enclave run`: one script, its output as it comes, its outcome as the exit code."""

from __future__ import annotations

import contextlib
import dataclasses
import io
import json
import sys
import tokenize
from pathlib import Path
from typing import Any

import click

from .. import Enclave, RunResult
from . import exits, values
from .options import enclave_options, enclave_settings
from .report import explain
from .terminal import Output

__all__ = ["command"]


@click.command()
@click.argument("file", required=False)
@click.option("-c", "code", metavar="CODE", help="Run this text instead of a file.")
@enclave_options
@click.option("--json", "as_json", is_flag=True, help="Write the whole result as one JSON object.")
@click.option("--stats", is_flag=True, help="Tell on standard error what the run took.")
@click.option("--no-value", is_flag=True, help="Do not write the script's value.")
def command(
    file: str | None, code: str | None, as_json: bool, stats: bool, no_value: bool, **options: Any
) -> int:
    """Run the script in FILE, or from standard input if FILE is -.

    Its standard output and error come as it writes them, then its value (a top-level `return`, or its last expression)
    if that is not None. What tools print goes to standard error.

    \b
    Exit codes:
      0 it came to a value               16 MAX_ITERATIONS
      1 it could not be started          17 MEMORY_LIMIT_EXCEEDED
      2 wrong use, nothing was run       18 MESSAGE_FLOOD
      10 VALIDATION_ERROR                19 MESSAGE_TOO_LARGE
      11 EXECUTION_ERROR                 20 OUTPUT_LIMIT
      12 TIMEOUT                         21 RESULT_NOT_SERIALIZABLE
      13 CPU_LIMIT                       22 SANDBOX_VIOLATION
      14 TOOL_ERROR                      23 WORKER_CRASHED
      15 MAX_TOOL_CALLS                  24 ABORTED
      130 interrupted (Ctrl-C)           141 the reader of the output left

    \b
    Examples:
      enclave run report.py --level STRICT --timeout 2
      echo 'sum(range(10))' | enclave run -
      enclave run -c 'return n * 2' --set n=21
      enclave run order.py --tool price=shop.tools:price --json | jq .value
    """
    name, source = _source(file, code)
    settings = enclave_settings(**options)
    output = Output()
    if not as_json:
        settings["on_output"] = output
    # What a tool prints is no output of the script's.
    with contextlib.redirect_stdout(sys.stderr), _enclave(settings) as enclave:
        result = enclave.run(source)
    if as_json:
        output.line("stdout", json.dumps(_document(result)))
    else:
        if result.value is not None and not no_value:
            output.line("stdout", values.as_text(result.value))
        if result.error is not None:
            output.line("stderr", explain(result.error, source, name))
    if stats:
        output.line("stderr", _figures(result))
    return exits.of(result)


def _enclave(settings: dict[str, Any]) -> Enclave:
    try:
        return Enclave(**settings)
    except (TypeError, ValueError) as error:  # `--set class=1`, `--allow 'a b'`
        raise click.UsageError(str(error)) from error


def _source(file: str | None, code: str | None) -> tuple[str, str]:
    """The script and what it is called."""
    if (file is None) == (code is None):
        raise click.UsageError(
            "name the script's FILE (- for standard input) or give its text with -c"
            if file is None
            else f"FILE ({file}) and -c were both given; one script is run"
        )
    if code is not None:
        return "<command>", code
    assert file is not None
    name = "<stdin>" if file == "-" else file
    try:
        if file != "-":
            data = Path(file).read_bytes()
        else:
            if sys.stdin.isatty():
                sys.stderr.write("enclave: the script is read from the terminal; Ctrl-D ends it\n")
            data = sys.stdin.buffer.read()
        encoding, _ = tokenize.detect_encoding(io.BytesIO(data).readline)
        return name, data.decode(encoding)
    except OSError as error:
        raise click.UsageError(f"the script {name} cannot be read: {error.strerror}") from error
    except (SyntaxError, UnicodeDecodeError) as error:
        raise click.UsageError(
            f"the script {name} is no text: {error}; save it as UTF-8, or name its encoding in its first line"
        ) from error


def _document(result: RunResult) -> dict[str, Any]:
    error = result.error
    return {
        "success": result.success,
        "exit_code": exits.of(result),
        "value": values.as_json(result.value),
        "error": error
        and {
            "code": error.code.value,
            "name": error.name,
            "message": error.message,
            "stack": error.stack,
            "data": values.as_json(error.data),
        },
        "stdout": result.stdout,
        "stderr": result.stderr,
        "stats": dataclasses.asdict(result.stats),
    }


def _figures(result: RunResult) -> str:
    stats = result.stats
    return (
        f"took {stats.duration * 1e3:.2f} ms (processor {stats.cpu_time * 1e3:.2f} ms),"
        f" {stats.peak_memory / 2**20:.1f} MB at most, {stats.tool_call_count} tool calls"
    )
