# what: an undefined instruction
# expect: WORKER_CRASHED
try:
    import ctypes
except ImportError:  # the signal itself instead
    import signal

    signal.raise_signal(signal.SIGILL)

import mmap
import platform

CODE = {
    "x86_64": "0f0b",
    "aarch64": "00000000",
}
page = mmap.mmap(-1, mmap.PAGESIZE, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
page.write(bytes.fromhex(CODE[platform.machine()]))
ctypes.CFUNCTYPE(ctypes.c_int)(ctypes.addressof(ctypes.c_char.from_buffer(page)))()
