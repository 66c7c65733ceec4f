# what: takes a frame from sys.exc_info()
import sys

try:
    1 / 0
except ZeroDivisionError:
    frame = sys.exc_info()[2].tb_frame
{"escaped": frame.f_back.f_globals is not globals(), "proof": "f_globals"}
