# what: os.abort
# expect: WORKER_CRASHED
import os

os.abort()
