# what: makes an event descriptor
import os

{"escaped": os.eventfd(0) >= 0, "proof": "descriptor"}
