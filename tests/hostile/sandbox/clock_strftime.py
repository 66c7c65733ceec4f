# what: reads the clock as a text
# levels: STRICT
import time

{"escaped": int(time.strftime("%Y")) > 2000 and len(time.ctime()) > 10, "proof": "time"}
