# what: gives the thread another name
import ctypes

ctypes.CDLL(None).prctl(15, b"stained", 0, 0, 0)
{"escaped": open("/proc/thread-self/comm").read() == "stained\n", "proof": "comm"}
