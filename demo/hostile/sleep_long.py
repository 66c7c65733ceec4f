# title: Sleeps for an hour
# kind: loop
# expect: TIMEOUT
# timeout: 0.15
import time

time.sleep(3600)
