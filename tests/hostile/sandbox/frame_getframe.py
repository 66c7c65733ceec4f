# what: takes its caller's frame
import sys

{"escaped": sys._getframe().f_back.f_globals is not globals(), "proof": "f_back"}
