# what: __del__ never returns
# expect: TIMEOUT
class D:
    def __del__(self):
        while True:
            pass


D()
1
