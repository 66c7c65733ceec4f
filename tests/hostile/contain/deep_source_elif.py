# what: a source of a hundred thousand elif branches
# expect: WORKER_CRASHED | EXECUTION_ERROR | SUCCESS | RESULT_NOT_SERIALIZABLE | MEMORY_LIMIT_EXCEEDED | TIMEOUT
compile("if a: pass\n" + "elif a: pass\n" * 100000, "deep", "exec")
