# title: Reads address zero through ctypes
# kind: crash
# expect: WORKER_CRASHED
# expect-3.12: EXECUTION_ERROR
# timeout: 2
import ctypes

ctypes.string_at(0)
