# what: eats real-time signals for ever
# expect: TIMEOUT
import signal

while True:
    try:
        signal.sigwaitinfo(set(range(signal.SIGRTMIN, signal.SIGRTMAX + 1)))
    except BaseException:
        pass
