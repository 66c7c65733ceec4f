# what: reads an eventfd of zero
# expect: TIMEOUT
import os

os.eventfd_read(os.eventfd(0))
