# what: lists what is mapped
{"escaped": "python" in open("/proc/self/maps").read(), "proof": "the interpreter's file"}
