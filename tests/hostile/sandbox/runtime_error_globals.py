# what: takes the globals of a class that it was given
scope = ToolError.__init__.__globals__
{"escaped": scope is not globals() and "__builtins__" in scope, "proof": len(scope)}
