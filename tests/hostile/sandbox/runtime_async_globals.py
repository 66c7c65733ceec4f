# what: takes the globals of a coroutine function that it was given
scope = acall_tool.__globals__
{"escaped": scope is not globals() and "__builtins__" in scope, "proof": len(scope)}
