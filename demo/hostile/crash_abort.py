# title: os.abort()
# kind: crash
# expect: WORKER_CRASHED
# timeout: 2
import os

os.abort()
