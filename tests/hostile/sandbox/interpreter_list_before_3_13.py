# what: lists the process's interpreters
# python: <3.13
import _xxsubinterpreters

{"escaped": len(_xxsubinterpreters.list_all()) > 0, "proof": "ids"}
