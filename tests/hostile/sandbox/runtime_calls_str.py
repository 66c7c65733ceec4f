# what: is called by print(), and looks at its caller
import sys

found = []


class Value:
    def __str__(self):
        found.append(sys._getframe(1).f_globals is not globals())
        return "x"


print(Value())
{"escaped": True in found, "proof": "f_globals"}
