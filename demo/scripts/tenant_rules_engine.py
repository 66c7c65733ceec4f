# title: Formulas of a tenant evaluated safely from their syntax tree
# kind: tenant
import ast
import operator

OPERATORS = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
    ast.USub: operator.neg,
    ast.Gt: operator.gt,
    ast.Lt: operator.lt,
    ast.Eq: operator.eq,
}
FUNCTIONS = {"max": max, "min": min, "round": round, "abs": abs}


def evaluate(node, names):
    match node:
        case ast.Expression(body=body):
            return evaluate(body, names)
        case ast.Constant(value=int() | float() as value):
            return value
        case ast.Name(id=name) if name in names:
            return names[name]
        case ast.BinOp(left=left, op=op, right=right) if type(op) in OPERATORS:
            return OPERATORS[type(op)](evaluate(left, names), evaluate(right, names))
        case ast.UnaryOp(op=op, operand=operand) if type(op) in OPERATORS:
            return OPERATORS[type(op)](evaluate(operand, names))
        case ast.Compare(left=left, ops=[op], comparators=[right]) if type(op) in OPERATORS:
            return OPERATORS[type(op)](evaluate(left, names), evaluate(right, names))
        case ast.IfExp(test=test, body=body, orelse=orelse):
            return evaluate(body if evaluate(test, names) else orelse, names)
        case ast.Call(func=ast.Name(id=name), args=args, keywords=[]) if name in FUNCTIONS:
            return FUNCTIONS[name](*(evaluate(arg, names) for arg in args))
        case _:
            raise SyntaxError(f"{type(node).__name__} is not allowed")


names = {"price": 19.5, "count": 12, "stock": 3}
results = {}
for rule in [
    "price * count",
    "round(price * 0.8, 2) if count > 10 else price",
    "min(count, stock) % 2",
    "-price + abs(stock - count)",
    "open('x')",
    "price.__class__",
    "count / (stock - 3)",
]:
    try:
        results[rule] = evaluate(ast.parse(rule, mode="eval"), names)
    except (SyntaxError, ZeroDivisionError) as error:
        results[rule] = f"{type(error).__name__}: {error}"
    print(f"{rule:44} {results[rule]}")
results
