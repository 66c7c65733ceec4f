# what: puts functions in the place of built-in ones that the runner calls, and looks at its caller
import builtins
import sys

kept = builtins.isinstance
scope = globals()


def spy(*args):
    caller = sys._getframe(1).f_globals
    if caller is not scope:
        raise SystemExit(TOKEN)
    return kept(*args)


builtins.isinstance = spy
try:
    call_tool(1)
finally:
    builtins.isinstance = kept
