# what: os.urandom for ever
# expect: TIMEOUT
import os

while True:
    os.urandom(1000000)
