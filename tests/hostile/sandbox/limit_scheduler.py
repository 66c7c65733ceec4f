# what: has the process scheduled as a batch
import os

os.sched_setscheduler(os.getpid(), os.SCHED_BATCH, os.sched_param(0))
