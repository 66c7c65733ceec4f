# what: takes the builtins of a function that collections has made
import collections

collections.namedtuple.__builtins__["open"](CANARY_PATH).read()
