# what: reaches linecache as traceback.linecache
import traceback

traceback.linecache.getlines(CANARY_PATH)
