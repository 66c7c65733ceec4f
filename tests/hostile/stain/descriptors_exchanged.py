# what: every descriptor in the table is exchanged for a file, then left open
import os

own = os.open(os.__file__, os.O_RDONLY)
for number in range(1024):
    try:
        os.fstat(number)
    except OSError:
        continue
    os.dup2(own, number)
# --- verify ---
import os


def is_that_file(number):
    try:
        return os.path.samestat(os.fstat(number), os.stat(os.__file__))
    except OSError:
        return False


not any(is_that_file(number) for number in range(1024))
