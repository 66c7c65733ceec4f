# what: finds the host's interpreter
# python: >=3.13
import _interpreters

{"escaped": _interpreters.get_main() is not None, "proof": "id"}
