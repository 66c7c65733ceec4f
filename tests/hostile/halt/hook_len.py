# what: __len__ loops
# expect: TIMEOUT
# batch: hooks
class L:
    def __len__(self):
        while True:
            pass


bool(L())
