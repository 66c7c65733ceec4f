# what: takes the local variables from an error of a function that it was given
try:
    call_tool(1)
except TypeError as error:
    names = error.__traceback__.tb_next.tb_frame.f_locals
{"escaped": "name" in names, "proof": list(names)}
