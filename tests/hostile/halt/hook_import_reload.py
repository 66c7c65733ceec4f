# what: a module is reloaded for ever
# expect: TIMEOUT
import importlib
import keyword

while True:
    importlib.reload(keyword)
