# what: sends SIGSEGV to its own thread
# expect: WORKER_CRASHED
import signal
import threading

signal.pthread_kill(threading.get_ident(), signal.SIGSEGV)
while True:
    pass
