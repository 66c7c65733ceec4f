# what: a source of a million minus signs
# expect: WORKER_CRASHED | EXECUTION_ERROR | SUCCESS | RESULT_NOT_SERIALIZABLE | MEMORY_LIMIT_EXCEEDED
compile("-" * 1000000 + "1", "deep", "eval")
