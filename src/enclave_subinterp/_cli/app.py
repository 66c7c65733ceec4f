"""The command `enclave` and its commands, each of which is loaded when it is called."""

from __future__ import annotations

import importlib
import sys
from typing import Final

import click

from .. import __version__
from ..errors import EnclaveError
from . import exits
from .terminal import ReaderLeft, plain

__all__ = ["enclave", "start"]

_COMMANDS: Final = ("run", "repl", "doctor", "bench", "top", "completion")


class _Commands(click.Group):
    """A group whose commands live in the modules of their names."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _COMMANDS:
            return None
        command: click.Command = importlib.import_module(f".{cmd_name}", __package__).command
        return command


@click.group(
    cls=_Commands,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="docs/cli.md tells of the exit codes, of JSON output and of the socket that `top` reads.",
)
@click.version_option(__version__, prog_name="enclave_subinterp")
def enclave() -> None:
    """Run other people's Python in subinterpreters that can be halted, limited and rewound.

    \b
    Examples:
      enclave run script.py --timeout 2 --memory 64MB
      echo 'sum(range(10))' | enclave run -
      enclave repl --level STRICT
      enclave doctor
    """


def start() -> int:
    """Run the command line and return its exit code; KeyboardInterrupt and BrokenPipeError go on to the caller."""
    try:
        code = enclave.main(prog_name="enclave", standalone_mode=False)
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except click.Abort:
        raise KeyboardInterrupt from None
    except ReaderLeft:
        raise BrokenPipeError from None
    except EnclaveError as error:
        sys.stderr.write(f"enclave: {type(error).__name__}: {plain(str(error))}\n")
        return exits.FAILED
    return code if isinstance(code, int) else 0
