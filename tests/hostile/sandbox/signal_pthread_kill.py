# what: sends a signal to the host's main thread
import signal
import time

signal.pthread_kill(MAIN_THREAD, signal.SIGUSR1)
time.sleep(0.01)
