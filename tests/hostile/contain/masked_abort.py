# what: blocks every signal, then aborts
# expect: WORKER_CRASHED
import os
import signal

signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())
os.abort()
