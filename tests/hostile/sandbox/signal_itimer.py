# what: starts a timer of the process
import signal

signal.setitimer(signal.ITIMER_REAL, 1000)
