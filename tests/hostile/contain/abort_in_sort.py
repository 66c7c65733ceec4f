# what: aborts in a comparison while the list is emptied for sorting
# expect: WORKER_CRASHED
import os

xs = list(range(100))
xs.sort(key=lambda x: os.abort() if x == 50 else x)
