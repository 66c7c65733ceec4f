# what: imports everything
from posix import *

read(open(CANARY_PATH, 0), 100)
