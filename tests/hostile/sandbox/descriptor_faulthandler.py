# what: has a traceback written to a descriptor
import faulthandler

faulthandler.dump_traceback(file=2)
