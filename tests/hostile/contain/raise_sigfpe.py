# what: raises SIGFPE in its own thread
# expect: WORKER_CRASHED
import signal

signal.raise_signal(signal.SIGFPE)
