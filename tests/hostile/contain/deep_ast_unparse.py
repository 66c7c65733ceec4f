# what: the same tree is dumped and walked by repr
# expect: WORKER_CRASHED | EXECUTION_ERROR | SUCCESS | RESULT_NOT_SERIALIZABLE | MEMORY_LIMIT_EXCEEDED
import ast

x = ast.Constant(1)
for _ in range(100000):
    x = ast.UnaryOp(ast.USub(), x)
ast.dump(x)
