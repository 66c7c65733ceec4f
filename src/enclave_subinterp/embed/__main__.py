"""``python -m enclave_subinterp.embed``: build the library for C programs, and show how to compile with it."""

from __future__ import annotations

import argparse
import shlex
import sys
from pathlib import Path

from .build import build, flags
from .libpython import MissingError


def main(arguments: list[str] | None = None) -> int:
    """Do what the arguments say; returns the exit code: 2 where something is missing."""
    parser = argparse.ArgumentParser(
        prog="python -m enclave_subinterp.embed", description=__doc__.partition(": ")[2] if __doc__ else None
    )
    commands = parser.add_subparsers(dest="command", required=True)
    told = {
        "build": "make libenclave.so and enclave.h in DIR",
        "flags": "print what to give to the compiler: cc program.c $(... flags DIR)",
    }
    for name, text in told.items():
        command = commands.add_parser(name, help=text, description=text)
        command.add_argument("folder", metavar="DIR", type=Path)
        command.add_argument(
            "--static",
            action="store_true",
            help="libenclave.a, and the program linked with the static libpython",
        )
    chosen = parser.parse_args(arguments)
    try:
        if chosen.command == "build":
            for made in build(chosen.folder, static=chosen.static):
                sys.stderr.write(f"made {made}\n")
            sys.stderr.write("A program is compiled with:\n  cc program.c \\\n    ")
        line = shlex.join(flags(chosen.folder, static=chosen.static))
    except MissingError as error:
        sys.stderr.write(f"{parser.prog}: {error}\n")
        return 2
    sys.stdout.write(f"{line}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
