# what: reaches io as inspect.dis.io
import inspect

inspect.dis.io.open(CANARY_PATH).read()
