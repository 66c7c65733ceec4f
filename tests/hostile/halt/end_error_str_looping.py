# what: the message of the exception never comes
# expect: TIMEOUT | EXECUTION_ERROR
class E(Exception):
    def __str__(self):
        while True:
            pass


raise E
