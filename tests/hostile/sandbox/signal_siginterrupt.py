# what: has system calls interrupted by a signal
import signal

signal.siginterrupt(signal.SIGUSR1, True)
{"escaped": True, "proof": "done"}
