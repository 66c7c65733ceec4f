# what: a group of exceptions whose messages loop
# expect: TIMEOUT | EXECUTION_ERROR
class E(Exception):
    def __str__(self):
        while True:
            pass


raise ExceptionGroup("g", [E() for _ in range(100)])
