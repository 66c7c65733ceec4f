# what: an import fails half-way and leaves its parts
# batch: stains
import importlib.util
import sys
import types


class Loader:
    def create_module(self, spec):
        return None

    def exec_module(self, module):
        sys.modules["stain_half.part"] = types.ModuleType("stain_half.part")
        sys.stain_half = module
        raise RuntimeError("half done")


class Finder:
    @staticmethod
    def find_spec(name, path=None, target=None):
        if name == "stain_half":
            return importlib.util.spec_from_loader(name, Loader(), is_package=True)


sys.meta_path.append(Finder)
try:
    import stain_half
except RuntimeError:
    pass
# --- verify ---
import sys

not hasattr(sys, "stain_half") and "stain_half.part" not in sys.modules
