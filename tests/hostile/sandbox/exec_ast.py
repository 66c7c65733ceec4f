# what: builds a syntax tree and evaluates it
import ast

tree = ast.parse("f(CANARY_PATH).read()", mode="eval")
tree.body.func.value.func.id = "open"
eval(compile(tree, "x", "eval"))
