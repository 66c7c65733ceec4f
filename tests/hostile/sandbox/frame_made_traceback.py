# what: makes a traceback of its own
import sys
import types

trace = types.TracebackType(None, sys._getframe(), 0, 1)
{"escaped": trace.tb_frame.f_back is not None, "proof": "f_back"}
