# what: ast.literal_eval of a huge list
# expect: TIMEOUT | MEMORY_LIMIT_EXCEEDED
# batch: computing
import ast

ast.literal_eval("[" + "(1, 'a'), " * 1000000 + "]")
