# what: installs a handler with the module below signal
import _signal

_signal.signal(_signal.SIGINT, _signal.SIG_IGN)
