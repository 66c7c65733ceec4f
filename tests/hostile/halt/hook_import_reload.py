# what: a module is reloaded for ever
# expect: TIMEOUT
# batch: hooks
import importlib
import keyword

while True:
    importlib.reload(keyword)
