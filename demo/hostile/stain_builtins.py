# title: Replaces len, print and isinstance for everybody
# kind: stain
# expect: OK
# timeout: 2
import builtins

builtins.len = lambda thing: 42
builtins.print = lambda *args, **kwargs: None
builtins.isinstance = lambda thing, kind: True
builtins.sorted = list
builtins.backdoor = "left behind"
del builtins.sum
"stained"
