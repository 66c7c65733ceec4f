# what: the module's own names are made into traps
# expect: SUCCESS | TIMEOUT
def spin(*a, **k):
    while True:
        pass


class T:
    __getattr__ = __call__ = __iter__ = __len__ = __eq__ = __hash__ = __repr__ = spin


__name__ = __builtins__ = __doc__ = __spec__ = __loader__ = __file__ = T()
call_tool = acall_tool = ToolError = T()
1
