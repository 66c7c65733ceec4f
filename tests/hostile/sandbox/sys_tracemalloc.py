# what: has the process's allocations traced
import tracemalloc

tracemalloc.start()
