# what: kills the process by its descriptor
import os
import signal

signal.pidfd_send_signal(os.pidfd_open(os.getpid()), signal.SIGKILL)
