# what: aborts
import os

os.abort()
