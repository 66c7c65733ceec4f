# what: blocks signals
import signal

signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGUSR1})
{"escaped": signal.SIGUSR1 in signal.pthread_sigmask(signal.SIG_BLOCK, ()), "proof": "blocked"}
