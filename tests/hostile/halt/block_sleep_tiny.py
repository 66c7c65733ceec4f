# what: many very short sleeps
# expect: TIMEOUT
import time

while True:
    time.sleep(0.0001)
