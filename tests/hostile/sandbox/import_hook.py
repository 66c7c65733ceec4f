# what: puts a finder before all others
import sys


class Finder:
    @staticmethod
    def find_spec(name, path=None, target=None):
        sys.stain = name


sys.meta_path.insert(0, Finder)
None
# --- verify ---
import sys

not any(isinstance(finder, type) and finder.__name__ == "Finder" for finder in sys.meta_path)
