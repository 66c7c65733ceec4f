# what: signal.pause in a loop
# expect: TIMEOUT
import signal

while True:
    signal.pause()
