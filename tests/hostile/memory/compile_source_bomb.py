# what: compile() of a source of millions of statements
# expect: MEMORY_LIMIT_EXCEEDED | TIMEOUT
# timeout: 1
compile("a = b\n" * 3000000, "bomb", "exec")
