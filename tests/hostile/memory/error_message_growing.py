# what: the message of the error is made beyond the limit
# expect: MEMORY_LIMIT_EXCEEDED | EXECUTION_ERROR
class E(Exception):
    def __str__(self):
        return "x" * 10**9


raise E
