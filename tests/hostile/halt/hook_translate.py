# what: the table of str.translate loops
# expect: TIMEOUT
class T:
    def __getitem__(self, c):
        while True:
            pass


"abc".translate(T())
