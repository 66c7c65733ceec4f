# what: takes the frames of an exception with inspect
import inspect

try:
    1 / 0
except ZeroDivisionError:
    found = inspect.trace()
{"escaped": found[0].frame.f_back is not None, "proof": "f_back"}
