# what: finds who refers to an object
import gc

{"escaped": any(isinstance(r, dict) for r in gc.get_referrers(print)), "proof": "dictionaries"}
