# what: takes a frame with inspect
import inspect

{"escaped": inspect.currentframe().f_back.f_back is not None, "proof": "f_back"}
