# what: reads a file's line as tracebacks do
import linecache

linecache.getline(CANARY_PATH, 1)
