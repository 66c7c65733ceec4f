# what: sends a deadly signal to the host's main thread
import signal

signal.pthread_kill(MAIN_THREAD, signal.SIGQUIT)
