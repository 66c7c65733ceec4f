# what: SystemExit with a code that loops when read
# expect: TIMEOUT | EXECUTION_ERROR | SUCCESS
class C:
    def __str__(self):
        while True:
            pass

    __repr__ = __int__ = __index__ = __bool__ = __eq__ = __str__


raise SystemExit(C())
