# what: crashes with fifty megabytes in use
# expect: WORKER_CRASHED
import signal

kept = [bytearray(1 << 20) for _ in range(50)]
signal.raise_signal(signal.SIGSEGV)
