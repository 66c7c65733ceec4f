# what: has crashes write tracebacks
import faulthandler

faulthandler.enable(file=2)
