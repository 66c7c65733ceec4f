# what: raises SIGBUS in its own thread
# expect: WORKER_CRASHED
import signal

signal.raise_signal(signal.SIGBUS)
