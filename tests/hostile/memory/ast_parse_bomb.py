# what: a tree of a million nodes
# expect: MEMORY_LIMIT_EXCEEDED
import ast

ast.parse("[" + "x," * 3000000 + "]")
