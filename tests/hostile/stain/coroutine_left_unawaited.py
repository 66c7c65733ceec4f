# what: coroutines that nobody awaited stay
# batch: stains
import sys


async def stain_coroutine():
    pass


sys.stain_list = [stain_coroutine() for _ in range(10)]
# --- verify ---
import gc

names = [getattr(o, "__name__", "") for o in gc.get_objects() if type(o).__name__ == "coroutine"]
"stain_coroutine" not in names
