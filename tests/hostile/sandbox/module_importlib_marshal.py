# what: finds marshal as a name in the import system
import importlib.util

{"escaped": callable(importlib._bootstrap_external.marshal.loads), "proof": "marshal"}
