# what: sends a signal to the process
import os
import signal
import time

os.kill(os.getpid(), signal.SIGUSR2)
time.sleep(0.01)
