# what: raises a signal whose default is death
import signal

signal.raise_signal(signal.SIGXCPU)
