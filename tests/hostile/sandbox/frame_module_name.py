# what: asks for the name of its caller's module
import sys

name = sys._getframemodulename(1)
{"escaped": bool(name) and name != "__main__", "proof": name}
