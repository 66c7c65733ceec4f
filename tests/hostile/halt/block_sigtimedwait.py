# what: a long wait for a signal with a time-out
# expect: TIMEOUT
import signal

signal.sigtimedwait({signal.SIGUSR2}, 1000000)
