# what: a tree built by hand a hundred thousand levels deep is compiled
# expect: WORKER_CRASHED | EXECUTION_ERROR | SUCCESS | RESULT_NOT_SERIALIZABLE | MEMORY_LIMIT_EXCEEDED
import ast

x = ast.Constant(1, lineno=1, col_offset=0)
for _ in range(100000):
    x = ast.UnaryOp(ast.USub(), x, lineno=1, col_offset=0)
compile(ast.Expression(x), "deep", "eval")
