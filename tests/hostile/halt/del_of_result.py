# what: the object that the program ends in has a looping __del__
# expect: SUCCESS | TIMEOUT | RESULT_NOT_SERIALIZABLE
class D:
    def __del__(self):
        while True:
            pass


D()
