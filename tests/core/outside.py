"""The search for words outside a slot's range that point into it, for children of the tests.

Needs a build with ENCLAVE_TESTING, as `make test` makes it.
"""

# Where the ranges are to lie: an address there has the bytes fc 1c, which no text has in UTF-8, Latin-1 or as UTF-16 or
# UTF-32 (it is no character).  So text in the heap is not taken for a pointer.
ENVIRONMENT = {"ENCLAVE_REGION_AT": "0x1cfc00000000"}

LOOKING = r"""
import re
N = native()
if not hasattr(N, "pointers_into"):
    raise SystemExit("this build has no _native.pointers_into(): it was made without ENCLAVE_TESTING")
# The range of the core's reservation that comes first begins where the reservation does, which the core knows.
filler, slot = make(), make()
if filler.layout[0] >> 32 != 0x1CFC:
    raise SystemExit(f"the reservation begins at {filler.layout[0]:#x}, where text may look like an address in it")
binary = re.compile(r"/(libpython|python)3[^/]*$")
finds, seen = [], set()


def look(what):
    # Words outside that point into the slot's range, but for those that were told already.
    settle(slot)
    low, high, stack_low, stack_high, _, _ = slot.layout
    found = N.pointers_into(low, high, stack_low, stack_high)
    known = [(at, to) for at, to, where in found if binary.search(where)]
    if len(known) != 1:
        finds.append(f"after {what}: the list of interpreters is {known}")
    for at, to, where in found:
        if (at, to) not in known and at not in seen:
            seen.add(at)
            finds.append(f"after {what}: {at:#x} in {where or 'anonymous memory'} points to {low:#x} + {to - low:#x}")


def look_after(what, *outcomes, **limits):
    got = run(slot, what, **limits)
    if got.outcome not in outcomes:
        finds.append(f"{what!r}: {got}")
    look(repr(what))


VALUE, ERROR, HALTED = N.OUTCOME_VALUE, N.OUTCOME_ERROR, N.OUTCOME_HALTED
look("warm-up")
"""

CLOSING = """
report(finds=finds, looked=True)
if not slot.close() or not filler.close():
    raise SystemExit("a slot could not be ended")
"""
