# what: reads the host's standard input
import os

os.pread(0, 100, 0)
