# what: a selector over a pipe that nobody writes
# expect: TIMEOUT
import os
import selectors

r, w = os.pipe()
s = selectors.DefaultSelector()
s.register(r, selectors.EVENT_READ)
s.select()
