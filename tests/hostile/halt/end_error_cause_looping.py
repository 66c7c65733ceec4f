# what: the cause of the exception is a property that loops
# expect: TIMEOUT | EXECUTION_ERROR
class E(Exception):
    @property
    def __cause__(self):
        while True:
            pass

    __context__ = __suppress_context__ = __traceback__ = __cause__
    args = __notes__ = __cause__


raise E("x")
