# what: waits for every signal there is, and would eat the one that halts it
# expect: TIMEOUT
import signal

while True:
    signal.sigwait(signal.valid_signals())
