# what: finds who refers to an object
import gc

gc.unfreeze()
{"escaped": any(isinstance(r, dict) for r in gc.get_referrers(print)), "proof": "dictionaries"}
