# title: Puts impostors into sys.modules
# kind: stain
# expect: OK
# timeout: 2
import sys
import types

impostor = types.ModuleType("math")
impostor.sqrt = lambda x: -1
impostor.pi = 4
sys.modules["math"] = impostor
sys.modules["json"] = impostor
for name in [name for name in sys.modules if name.startswith("collections")]:
    del sys.modules[name]
sys.modules["left_behind"] = impostor
"stained"
