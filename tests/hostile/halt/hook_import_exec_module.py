# what: the loader's exec_module loops with the import lock of the module held
# expect: TIMEOUT
# batch: hooks
import importlib.util
import sys


class Loader:
    def create_module(self, spec):
        return None

    def exec_module(self, module):
        while True:
            pass


class Finder:
    @staticmethod
    def find_spec(name, path=None, target=None):
        if name == "spinning":
            return importlib.util.spec_from_loader(name, Loader())


sys.meta_path.insert(0, Finder)
import spinning
