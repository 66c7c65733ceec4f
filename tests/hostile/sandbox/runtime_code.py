# what: takes the code of a function that it was given
code = call_tool.__code__
{"escaped": bool(code.co_names), "proof": code.co_freevars}
