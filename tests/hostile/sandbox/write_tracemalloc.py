# what: has a snapshot of the memory written
import tracemalloc

tracemalloc.start()
tracemalloc.take_snapshot().dump(MARKER_PATH)
