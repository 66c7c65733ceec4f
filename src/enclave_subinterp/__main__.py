"""``python -m enclave_subinterp``: the command line."""

from ._cli import main

if __name__ == "__main__":  # not when a child process of `enclave bench` imports it again
    main()
