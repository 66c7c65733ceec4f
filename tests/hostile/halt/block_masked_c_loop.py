# what: blocks every signal it may, then loops in C
# expect: TIMEOUT
import itertools
import signal

signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())
sum(itertools.repeat(1))
