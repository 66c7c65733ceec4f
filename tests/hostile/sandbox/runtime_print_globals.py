# what: takes the globals of print()
scope = print.__globals__
{"escaped": scope is not globals() and "__builtins__" in scope, "proof": len(scope)}
