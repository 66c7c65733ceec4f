# what: kills the process's group
import os

os.killpg(0, 9)
