# what: makes another interpreter
# python: >=3.13
import _interpreters

{"escaped": _interpreters.create() is not None, "proof": "id"}
