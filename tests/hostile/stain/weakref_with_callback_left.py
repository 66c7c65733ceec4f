# what: weak references with callbacks stay at a library class and at int
# batch: stains
import string
import sys
import weakref


def stain_callback(ref):
    pass


sys.stain_refs = [weakref.ref(string.Template, stain_callback), weakref.ref(int, stain_callback)]
# --- verify ---
import string
import weakref

refs = weakref.getweakrefs(string.Template) + weakref.getweakrefs(int)
not any(getattr(r.__callback__, "__name__", "") == "stain_callback" for r in refs)
