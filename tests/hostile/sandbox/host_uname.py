# what: asks for the host's name
import os

{"escaped": bool(os.uname().nodename), "proof": "nodename"}
