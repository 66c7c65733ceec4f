# what: binds the process to one processor
import os

os.sched_setaffinity(os.getpid(), {min(os.sched_getaffinity(0))})
