# what: lays an array over the host's memory
import ctypes

(ctypes.c_char * CANARY_SIZE).from_address(CANARY_ADDRESS).raw
