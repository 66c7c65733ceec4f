# what: __del__ that makes and drops another, as deep as it goes
# expect: TIMEOUT
class D:
    def __del__(self):
        D()


while True:
    D()
