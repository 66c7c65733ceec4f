# what: the result of a future that nobody sets
# expect: TIMEOUT
from concurrent.futures import Future

Future().result()
