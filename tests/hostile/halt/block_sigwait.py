# what: waits for a signal that nobody sends
# expect: TIMEOUT
import signal

signal.sigwait({signal.SIGUSR2})
