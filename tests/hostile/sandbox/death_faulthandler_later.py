# what: has a watchdog end the process
import faulthandler
import time

faulthandler.dump_traceback_later(0.01, exit=True, file=2)
time.sleep(1)
