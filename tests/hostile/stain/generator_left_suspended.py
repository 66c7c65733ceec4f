# what: suspended generators with finally clauses stay in a global list
# batch: stains
import sys


def stain_generator():
    try:
        yield 1
    finally:
        sys.stain_ran = True


sys.stain_list = [stain_generator() for _ in range(100)]
for g in sys.stain_list:
    next(g)
# --- verify ---
import gc
import sys

names = [getattr(o, "__name__", "") for o in gc.get_objects() if type(o).__name__ == "generator"]
"stain_generator" not in names and not hasattr(sys, "stain_ran")
