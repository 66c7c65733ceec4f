# what: an abstract class loses its abstract methods
# batch: stains
import collections.abc

collections.abc.Mapping.__abstractmethods__ = frozenset()
# --- verify ---
import collections.abc

bool(collections.abc.Mapping.__abstractmethods__)
