# what: reads the clock as a calendar
# levels: STRICT
import time

{"escaped": time.gmtime().tm_year > 2000 and time.localtime().tm_year > 2000, "proof": "time"}
