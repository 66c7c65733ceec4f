# what: a set counts as a sequence, a string as a number
# batch: stains
import collections.abc
import numbers

collections.abc.Sequence.register(set)
numbers.Number.register(str)
None
# --- verify ---
import collections.abc
import numbers

not isinstance(set(), collections.abc.Sequence) and not isinstance("", numbers.Number)
