# what: __len__ loops
# expect: TIMEOUT
class L:
    def __len__(self):
        while True:
            pass


bool(L())
