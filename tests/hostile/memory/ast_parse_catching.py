# what: trees kept, everything caught
# expect: MEMORY_LIMIT_EXCEEDED
import ast

kept = []
while True:
    try:
        kept.append(ast.parse("x = [1, 2, 3]\n" * 20000))
    except BaseException:
        pass
