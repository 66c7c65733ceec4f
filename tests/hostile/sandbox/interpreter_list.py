# what: lists the process's interpreters
# python: >=3.13
import _interpreters

{"escaped": len(_interpreters.list_all()) > 0, "proof": "ids"}
