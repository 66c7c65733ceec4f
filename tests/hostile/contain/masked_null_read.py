# what: blocks the signals of faults, then reads address 0
# expect: WORKER_CRASHED
import signal

signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())
try:
    import ctypes
except ImportError:  # a null read by broken bytecode instead
    import dis

    op = dis.opmap

    def broken():
        pass

    far = [op["EXTENDED_ARG"], 0x7F, op["EXTENDED_ARG"], 0xFF, op["EXTENDED_ARG"], 0xFF]
    code = bytes([op["RESUME"], 0, *far, op["LOAD_FAST"], 0xFF, op["RETURN_VALUE"], 0])
    broken.__code__ = broken.__code__.replace(co_code=code)
    broken()

ctypes.string_at(0)
