# what: reads a file with os.preadv()
import os

buffer = bytearray(100)
os.preadv(os.open(CANARY_PATH, os.O_RDONLY), [buffer], 0)
bytes(buffer)
