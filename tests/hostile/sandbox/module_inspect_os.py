# what: reaches os as inspect.os
import inspect

os = inspect.os
os.read(os.open(CANARY_PATH, 0), 100)
