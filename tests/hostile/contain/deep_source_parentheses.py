# what: a source of nested parentheses, brackets and braces
# expect: WORKER_CRASHED | EXECUTION_ERROR | SUCCESS | RESULT_NOT_SERIALIZABLE | MEMORY_LIMIT_EXCEEDED
for a, b in ("()", "[]"):
    for n in (99, 150, 190):
        try:
            compile(a * n + b * n, "deep", "eval")
        except (SyntaxError, MemoryError, RecursionError):
            pass
compile("(" * 10000 + ")" * 10000, "deep", "eval")
