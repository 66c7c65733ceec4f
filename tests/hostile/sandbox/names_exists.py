# what: asks whether files are there
import os.path

{"escaped": os.path.exists(CANARY_PATH) and not os.path.exists(CANARY_PATH + "x"), "proof": "both answers right"}
