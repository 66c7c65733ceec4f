# what: crashes while the message of its error is made
# expect: WORKER_CRASHED | EXECUTION_ERROR
import signal


class E(Exception):
    def __str__(self):
        signal.raise_signal(signal.SIGSEGV)
        return "still here"


raise E
