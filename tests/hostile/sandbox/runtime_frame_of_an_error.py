# what: takes a frame from an error of a function that it was given
try:
    call_tool(1)
except TypeError as error:
    scope = error.__traceback__.tb_next.tb_frame.f_globals
{"escaped": scope is not globals() and len(scope) > 0, "proof": len(scope)}
