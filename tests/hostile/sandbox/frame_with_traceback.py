# what: takes a frame from an exception through with_traceback()
try:
    1 / 0
except ZeroDivisionError as error:
    kept = error
trace = BaseException.__dict__["__traceback__"].__get__(kept)
{"escaped": trace.tb_frame.f_back is not None, "proof": "f_back"}
