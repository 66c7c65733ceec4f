"""`enclave completion`: what a shell needs to complete the commands and their options."""

from __future__ import annotations

import os
from pathlib import PurePath
from typing import Final

import click
from click.shell_completion import get_completion_class

__all__ = ["command"]

_SHELLS: Final = ("bash", "zsh", "fish")


@click.command(short_help="Print the completion script of a shell.")
@click.argument("shell", type=click.Choice(_SHELLS), required=False)
def command(shell: str | None) -> int:
    """Print the completion script for SHELL (by default the one in $SHELL).

    \b
    Examples:
      eval "$(enclave completion bash)"                        # in ~/.bashrc
      eval "$(enclave completion zsh)"                         # in ~/.zshrc
      enclave completion fish > ~/.config/fish/completions/enclave.fish
    """
    if shell is None:
        shell = PurePath(os.environ.get("SHELL", "")).name
        if shell not in _SHELLS:
            raise click.UsageError(
                f"$SHELL names {shell or 'no shell'}; name one of {', '.join(_SHELLS)} as the argument"
            )
    from .app import enclave

    complete = get_completion_class(shell)
    assert complete is not None
    click.echo(complete(enclave, {}, "enclave", "_ENCLAVE_COMPLETE").source())
    return 0
