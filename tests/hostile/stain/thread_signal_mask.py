# what: the signals of faults are blocked on the worker's thread
# batch: stains
import signal

signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGSEGV, signal.SIGBUS, signal.SIGFPE, signal.SIGILL, signal.SIGABRT})
None
# --- verify ---
import signal

not {signal.SIGSEGV, signal.SIGBUS, signal.SIGFPE, signal.SIGILL, signal.SIGABRT} & signal.pthread_sigmask(signal.SIG_BLOCK, [])
