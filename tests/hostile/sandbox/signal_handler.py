# what: installs a handler in the host
import signal

signal.signal(signal.SIGUSR1, signal.SIG_IGN)
