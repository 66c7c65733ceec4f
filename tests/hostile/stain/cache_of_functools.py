# what: a cached function of the library remembers a wrong answer
# batch: stains
import functools
import textwrap

real = textwrap.dedent
textwrap.dedent = functools.lru_cache(lambda text: "stained")
textwrap.dedent("a")
# --- verify ---
import textwrap

textwrap.dedent("  a") == "a" and not hasattr(textwrap.dedent, "cache_info")
