# what: time.sleep for ten days
# expect: TIMEOUT
import time

time.sleep(1000000)
