# what: the exception that ends the program has a looping __del__
# expect: EXECUTION_ERROR | TIMEOUT
class E(Exception):
    def __del__(self):
        while True:
            pass


raise E("held")
