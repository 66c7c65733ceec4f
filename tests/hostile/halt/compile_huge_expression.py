# what: one expression of a million terms in a flat list
# expect: TIMEOUT | MEMORY_LIMIT_EXCEEDED
# batch: computing
compile("[" + "a+b, " * 500000 + "]", "huge", "eval")
