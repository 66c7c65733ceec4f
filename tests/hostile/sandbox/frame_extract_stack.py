# what: lists who called it with traceback
import traceback

{"escaped": any(row.filename not in ("<enclave>", traceback.__file__) for row in traceback.extract_stack()), "proof": "rows"}
