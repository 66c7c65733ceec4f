# what: splices from one empty pipe to another
# expect: TIMEOUT
import os

a, b = os.pipe()
c, d = os.pipe()
os.splice(a, d, 10)
