# what: takes a frame further out
import sys

{"escaped": "__builtins__" in sys._getframe(1).f_globals, "proof": "f_globals"}
