"""`enclave repl`: a session to talk to."""

from __future__ import annotations

import contextlib
import dataclasses
import sys
from typing import Any

import click

from .. import Enclave
from .dialogue import Dialogue, Leave
from .lines import Inputs
from .options import enclave_options, enclave_settings
from .terminal import Output

__all__ = ["command"]


@click.command()
@enclave_options
@click.option("--no-history", is_flag=True, help="Keep no history of what is typed.")
def command(no_history: bool, **options: Any) -> int:
    """Talk to a session: what one input leaves, the next finds.

    An input that is halted (Ctrl-C, --timeout, a limit) undoes itself and no more.  The commands :checkpoint, :restore
    and :reset go to and fro in the session's life; :help lists them all.

    With a pipe, inputs are read from it line by line; the exit code is that of the first that failed, as `run` has it.

    \b
    Examples:
      enclave repl --level STRICT --memory 64MB
      printf 'x = 1\\n:checkpoint a\\nx = 2\\n:restore a\\nx\\n' | enclave repl
    """
    settings = enclave_settings(**options)
    output = Output()
    try:
        # A second worker, that a session whose worker crashed need not wait for the next.
        config = dataclasses.replace(settings.pop("worker_pool_config"), max_workers=2)
        made = Enclave(**settings, worker_pool_config=config, on_output=output)
    except (TypeError, ValueError) as error:
        raise click.UsageError(str(error)) from error
    with contextlib.redirect_stdout(sys.stderr), made as enclave:
        dialogue = Dialogue(enclave, output)
        try:
            if sys.stdin.isatty():
                _talk(dialogue, output, keep_history=not no_history)
                return 0
            _read(dialogue)
        except Leave:
            pass
        finally:
            dialogue.close()
    return dialogue.exit_code


def _read(dialogue: Dialogue) -> None:
    """Inputs from a pipe."""
    inputs = Inputs()
    for line in sys.stdin:
        text = line.rstrip("\n")
        if text.startswith(":"):
            for source in inputs.rest():
                dialogue.handle(source)
            dialogue.handle(text)
            continue
        for source in inputs.feed(text):
            dialogue.handle(source)
    for source in inputs.rest():
        dialogue.handle(source)


def _talk(dialogue: Dialogue, output: Output, *, keep_history: bool) -> None:
    """Inputs from a terminal."""
    from .prompt import make_prompt

    output.line("stdout", f"enclave_subinterp on Python {sys.version.split()[0]}; :help lists the commands")
    with contextlib.redirect_stdout(sys.__stdout__):  # the prompt's own
        prompt = make_prompt(dialogue, keep_history=keep_history)
    while True:
        try:
            with contextlib.redirect_stdout(sys.__stdout__):
                text = prompt.prompt()
        except KeyboardInterrupt:
            continue
        except EOFError:
            return
        dialogue.handle(text)
