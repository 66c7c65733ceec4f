# what: changes the host's time zone
import os
import time

os.environ["TZ"] = "XXX-3"
time.tzset()
