# what: reads the host's memory
import ctypes

ctypes.string_at(CANARY_ADDRESS, CANARY_SIZE)
