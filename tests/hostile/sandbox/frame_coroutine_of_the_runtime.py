# what: takes the frame of a coroutine function that it was given
c = acall_tool("x")
scope = c.cr_frame.f_globals
c.close()
{"escaped": scope is not globals(), "proof": "f_globals"}
