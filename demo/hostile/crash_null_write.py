# title: Wants ctypes, to write to address zero
# kind: crash
# expect: EXECUTION_ERROR
# timeout: 2
import ctypes

ctypes.memset(8, 0x41, 4096)
