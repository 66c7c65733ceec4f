# what: evaluates under a debugger
import bdb

bdb.Bdb().runeval("open(p).read()", {"p": CANARY_PATH}, {})
