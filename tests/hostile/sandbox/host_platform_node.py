# what: asks platform for the host's name
import platform

{"escaped": bool(platform.node()), "proof": "node"}
