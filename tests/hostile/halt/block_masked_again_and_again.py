# what: blocks every signal over and over
# expect: TIMEOUT
import signal

everything = signal.valid_signals()
while True:
    try:
        signal.pthread_sigmask(signal.SIG_SETMASK, everything)
    except BaseException:
        pass
