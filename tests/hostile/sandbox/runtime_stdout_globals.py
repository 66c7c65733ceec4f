# what: takes the globals of sys.stdout's class
import sys

scope = type(sys.stdout).write.__globals__
{"escaped": scope is not globals() and "__builtins__" in scope, "proof": len(scope)}
