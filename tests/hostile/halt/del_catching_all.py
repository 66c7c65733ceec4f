# what: __del__ with a loop that swallows every exception
# expect: TIMEOUT
class D:
    def __del__(self):
        while True:
            try:
                while True:
                    pass
            except BaseException:
                pass


x = D()
del x
