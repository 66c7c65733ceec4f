# what: reads the clock from an identifier
# levels: STRICT
import uuid

{"escaped": uuid.uuid1(node=1, clock_seq=1).time > 10**17, "proof": "time"}
