# what: overwrites the host's memory
import ctypes

ctypes.memmove(VICTIM_ADDRESS, b"VICTIM", 6)
