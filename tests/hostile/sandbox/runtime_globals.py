# what: takes the globals of a function that it was given
scope = call_tool.__globals__
{"escaped": scope is not globals() and "__builtins__" in scope, "proof": len(scope)}
