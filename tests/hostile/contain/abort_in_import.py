# what: aborts while an import holds its locks
# expect: WORKER_CRASHED
import importlib.util
import os
import sys


class Loader:
    def create_module(self, spec):
        return None

    def exec_module(self, module):
        os.abort()


class Finder:
    @staticmethod
    def find_spec(name, path=None, target=None):
        if name == "crashing":
            return importlib.util.spec_from_loader(name, Loader())


sys.meta_path.insert(0, Finder)
import crashing
