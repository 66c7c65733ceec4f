# what: has a signal write tracebacks
import faulthandler
import signal

faulthandler.register(signal.SIGUSR1, file=2)
{"escaped": faulthandler.unregister(signal.SIGUSR1), "proof": "registered"}
