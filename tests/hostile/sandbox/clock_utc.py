# what: asks datetime for now in a time zone
# levels: STRICT
import datetime

{"escaped": datetime.datetime.now(datetime.UTC).year > 2000, "proof": "time"}
