# what: raises a segmentation fault
import signal

signal.raise_signal(signal.SIGSEGV)
