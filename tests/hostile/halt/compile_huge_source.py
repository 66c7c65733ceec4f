# what: compile() of a million statements
# expect: TIMEOUT | MEMORY_LIMIT_EXCEEDED
# batch: computing
compile("x = 1\n" * 1000000, "huge", "exec")
