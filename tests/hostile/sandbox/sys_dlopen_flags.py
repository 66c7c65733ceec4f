# what: changes how libraries are loaded
import sys

sys.setdlopenflags(sys.getdlopenflags() | 0x100)
{"escaped": bool(sys.getdlopenflags() & 0x100), "proof": "flags"}
