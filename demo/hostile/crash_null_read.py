# title: Wants ctypes, to read address zero
# kind: crash
# expect: EXECUTION_ERROR
# timeout: 2
import ctypes

ctypes.string_at(0)
