# what: asks datetime for now
# levels: STRICT
import datetime

{"escaped": datetime.datetime.now().year > 2000, "proof": "time"}
