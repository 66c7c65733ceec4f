# what: a tree parsed, walked and unparsed for ever
# expect: TIMEOUT
# batch: computing
import ast

src = "x = [i * 2 for i in range(10) if i % 2]\n" * 200
while True:
    src = ast.unparse(ast.parse(src)) + "\n"
