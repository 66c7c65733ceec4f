# what: makes another interpreter
# python: <3.13
import _xxsubinterpreters

{"escaped": _xxsubinterpreters.create() is not None, "proof": "id"}
