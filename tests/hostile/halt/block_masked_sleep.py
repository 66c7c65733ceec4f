# what: blocks every signal it may, then sleeps
# expect: TIMEOUT
import signal
import time

signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())
time.sleep(1000000)
