# what: takes a frame from sys.exception()
import sys

try:
    1 / 0
except ZeroDivisionError:
    frame = sys.exception().__traceback__.tb_frame
{"escaped": frame.f_back.f_globals is not globals(), "proof": "f_globals"}
