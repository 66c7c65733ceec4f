# what: __index__ loops inside a subscription
# expect: TIMEOUT
# batch: hooks
class I:
    def __index__(self):
        while True:
            pass


[1, 2][I()]
