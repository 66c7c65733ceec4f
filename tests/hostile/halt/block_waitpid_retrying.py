# what: waits for children that do not exist, for ever
# expect: TIMEOUT
import os

while True:
    try:
        os.waitpid(-1, 0)
    except OSError:
        pass
