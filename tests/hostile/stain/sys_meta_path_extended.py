# what: a finder serves modules that do not exist
# batch: stains
import importlib.util
import sys


class Loader:
    def create_module(self, spec):
        return None

    def exec_module(self, module):
        module.x = 1


class Finder:
    @staticmethod
    def find_spec(name, path=None, target=None):
        if name.startswith("stain"):
            return importlib.util.spec_from_loader(name, Loader())


sys.meta_path.append(Finder)
import stain_of_finder
# --- verify ---
try:
    import stain_of_finder_too
except ImportError:
    clean = True
else:
    clean = False
clean
