# what: small types
# strict: yes
import types

ns = types.SimpleNamespace(a=1, b=[2])
ns.c = 3
view = types.MappingProxyType({"k": 1})
try:
    view["k"] = 2
except TypeError as e:
    print(e)
(ns == types.SimpleNamespace(a=1, b=[2], c=3), repr(ns), view["k"], isinstance(len, types.BuiltinFunctionType), types.new_class("X").__name__)
