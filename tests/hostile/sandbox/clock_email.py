# what: reads the clock as mail does
# levels: STRICT
import email.utils

{"escaped": len(email.utils.formatdate()) > 10, "proof": "time"}
