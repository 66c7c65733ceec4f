# title: Writes to address zero through ctypes
# kind: crash
# expect: WORKER_CRASHED
# expect-3.12: EXECUTION_ERROR
# timeout: 2
import ctypes

ctypes.memset(8, 0x41, 4096)
