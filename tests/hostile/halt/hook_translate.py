# what: the table of str.translate loops
# expect: TIMEOUT
# batch: hooks
class T:
    def __getitem__(self, c):
        while True:
            pass


"abc".translate(T())
