# title: Replaces __import__ and puts a finder in front
# kind: stain
# expect: OK
# timeout: 2
import builtins
import sys


class Finder:
    @staticmethod
    def find_spec(name, path=None, target=None):
        raise ImportError(f"{name} is mine now")


sys.meta_path.insert(0, Finder)
sys.path_hooks.clear()
sys.path[:] = ["/tmp/evil"]
builtins.__import__ = lambda name, *rest: Finder
"stained"
