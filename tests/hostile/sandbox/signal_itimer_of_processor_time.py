# what: starts a timer of the process's processor time
import signal

signal.setitimer(signal.ITIMER_PROF, 1000)
