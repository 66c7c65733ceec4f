# what: __bool__ loops inside filter
# expect: TIMEOUT
# batch: hooks
class B:
    def __bool__(self):
        while True:
            pass


list(filter(None, [B()]))
