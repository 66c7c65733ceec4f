# what: changes the stack size of the process's threads
import threading

threading.stack_size(1 << 20)
{"escaped": threading.stack_size() == 1 << 20, "proof": "size"}
