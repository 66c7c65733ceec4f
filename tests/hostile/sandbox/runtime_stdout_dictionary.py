# what: takes what sys.stdout keeps
import sys

{"escaped": bool(sys.stdout.__dict__), "proof": list(sys.stdout.__dict__)}
