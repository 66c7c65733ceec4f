# what: a finder on sys.meta_path that loops
# expect: TIMEOUT
# batch: hooks
import sys


class Finder:
    @staticmethod
    def find_spec(name, path=None, target=None):
        while True:
            pass


sys.meta_path.insert(0, Finder)
import module_that_is_not_there
