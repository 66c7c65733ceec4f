# what: __lt__ loops inside list.sort
# expect: TIMEOUT
# batch: hooks
class C:
    def __lt__(self, other):
        while True:
            pass


[C(), C()].sort()
