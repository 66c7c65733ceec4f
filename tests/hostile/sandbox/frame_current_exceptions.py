# what: takes the exceptions of all threads
import sys

try:
    raise ValueError
except ValueError:
    found = list(sys._current_exceptions().values())
{"escaped": any(getattr(e, "__traceback__", None) and e.__traceback__.tb_frame.f_back for e in found), "proof": "f_back"}
