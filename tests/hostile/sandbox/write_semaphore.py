# what: makes a semaphore of the operating system
import _multiprocessing

lock = _multiprocessing.SemLock(1, 1, 1, "/enclave_marker", True)
{"escaped": lock is not None, "proof": "semaphore"}
