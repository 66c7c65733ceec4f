# what: reads the times of the process
# levels: STRICT
import os

{"escaped": os.times().elapsed > 0, "proof": "time"}
