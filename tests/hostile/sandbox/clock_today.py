# what: asks datetime for today
# levels: STRICT
import datetime

{"escaped": datetime.date.today().year > 2000, "proof": "time"}
