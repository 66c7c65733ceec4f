# what: a source of a hundred thousand operators and attributes
# expect: WORKER_CRASHED | EXECUTION_ERROR | SUCCESS | RESULT_NOT_SERIALIZABLE | MEMORY_LIMIT_EXCEEDED
compile("a" + "+a" * 100000 + ".b" * 100000, "deep", "eval")
