# what: lists all objects of the interpreter
import gc

gc.unfreeze()
{"escaped": len(gc.get_objects()) > 1000, "proof": "objects"}
