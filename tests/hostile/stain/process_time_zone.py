# what: the time zone of the C library is another
# layer: process
import os
import time

os.environ["TZ"] = "STAIN-11:17"
time.tzset()
# --- verify ---
import time

time.localtime(0).tm_gmtoff != 40620
