# what: makes a timer with a descriptor
# python: >=3.13
import os
import time

{"escaped": os.timerfd_create(time.CLOCK_MONOTONIC) >= 0, "proof": "descriptor"}
