# what: has code executed in the process by its number
# python: >=3.14
import os
import sys

sys.remote_exec(os.getpid(), CANARY_DIR + "/remote.py")
for _ in range(1000):
    pass
