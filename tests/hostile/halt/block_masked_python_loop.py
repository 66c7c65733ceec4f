# what: blocks every signal it may, then loops in Python
# expect: TIMEOUT
import signal

signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())
while True:
    pass
