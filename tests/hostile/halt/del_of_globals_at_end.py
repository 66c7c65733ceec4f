# what: a global's __del__ would loop after the program's end
# expect: SUCCESS | TIMEOUT
class D:
    def __del__(self):
        while True:
            pass


x = D()
1
