# what: a path hook that loops
# expect: TIMEOUT
# batch: hooks
import sys


def hook(path):
    while True:
        pass


sys.path_hooks.insert(0, hook)
sys.path_importer_cache.clear()
sys.path.insert(0, "nowhere")
import module_that_is_not_there
