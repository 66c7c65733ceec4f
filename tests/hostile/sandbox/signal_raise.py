# what: raises a signal
import signal

signal.raise_signal(signal.SIGTERM)
