# what: kills the process
import os

os.kill(os.getpid(), 9)
