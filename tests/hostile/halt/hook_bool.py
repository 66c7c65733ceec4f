# what: __bool__ loops inside filter
# expect: TIMEOUT
class B:
    def __bool__(self):
        while True:
            pass


list(filter(None, [B()]))
