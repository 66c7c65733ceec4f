# what: lists the stack with inspect
import inspect

{"escaped": len(inspect.stack()) > 1, "proof": "frames"}
