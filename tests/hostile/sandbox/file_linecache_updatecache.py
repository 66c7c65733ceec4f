# what: fills the cache of source lines from a file
import linecache

linecache.updatecache(CANARY_PATH)
